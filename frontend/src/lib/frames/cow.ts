/**
 * Copy on first write. A transcript hands out snapshots that never change, and yet folding a frame must not copy it:
 * a part is copied when it is first written after a snapshot and written in place until the next one. So a batch of
 * frames copies each part it touches once, and parts it does not touch are shared by all snapshots.
 */
export class Cow {
  #owned = new WeakSet<object>();

  /** Takes a part as written by us, without a copy. */
  adopt<T extends object>(part: T): T {
    this.#owned.add(part);
    return part;
  }

  /** The child under `key`, ready to be written. The parent must be ready itself. */
  own<P extends object, K extends keyof P>(parent: P, key: K): P[K] & object {
    const child = parent[key];
    if (typeof child !== "object" || child === null) throw new TypeError(`there is no part ${String(key)}`);
    if (this.#owned.has(child)) return child;
    const copy = this.adopt(copyOf(child));
    parent[key] = copy;
    return copy;
  }

  /** The element at `index`, ready to be written. */
  at<T extends object>(list: T[], index: number): T {
    return this.own(list, index);
  }

  /** From now on everything is copied before it is written. */
  release(): void {
    this.#owned = new WeakSet();
  }
}

function copyOf<T extends object>(part: T): T;
function copyOf(part: object): object {
  return Array.isArray(part) ? part.slice() : { ...part };
}
