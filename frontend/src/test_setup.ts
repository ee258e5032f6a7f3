import { cleanup, configure } from "@testing-library/react";
import { afterEach } from "vitest";

// jsdom lays nothing out, so it has nothing to scroll or to measure; under node there is no element at all.
if (typeof Element !== "undefined") Element.prototype.scrollIntoView = () => undefined;
globalThis.ResizeObserver ??= class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

// jsdom's blobs lack the way that every browser has to their bytes.
if (typeof Blob !== "undefined" && !Blob.prototype.arrayBuffer) {
  Blob.prototype.arrayBuffer = function () {
    return new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result as ArrayBuffer);
      reader.readAsArrayBuffer(this);
    });
  };
}

// A condition is waited for, not a time: where others use the machine, a page may take seconds to be drawn.
configure({ asyncUtilTimeout: 10_000 });

afterEach(() => {
  cleanup();
  // What one test's pages have kept is none of the next one's.
  globalThis.sessionStorage?.clear();
});
