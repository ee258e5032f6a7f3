/** What the footer of a Parquet file says: its columns and how many rows it has. Thrift's compact protocol, read only. */

export interface ParquetSchema {
  columns: { name: string; type: string }[];
  rows: number;
}

type Thrift = number | string | Thrift[] | Map<number, Thrift>;

const MAGIC = "PAR1";
/** `Type` of parquet.thrift, by its number. */
const TYPES = ["yes or no", "int32", "int64", "int96", "float", "double", "text or bytes", "bytes"];

/** `null` where the bytes are no whole Parquet file. */
export function parquetSchema(bytes: Uint8Array): ParquetSchema | null {
  const ascii = (from: number) => String.fromCharCode(...bytes.subarray(from, from + MAGIC.length));
  if (bytes.length < 12 || ascii(0) !== MAGIC || ascii(bytes.length - 4) !== MAGIC) return null;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const length = view.getUint32(bytes.length - 8, true);
  const footer = new Reader(bytes.subarray(bytes.length - 8 - length, bytes.length - 8)).struct();
  // FileMetaData: 2 schema, 3 num_rows. SchemaElement: 1 type, 3 repetition, 4 name, 5 num_children.
  const elements = footer.get(2);
  const rows = footer.get(3);
  if (!Array.isArray(elements) || typeof rows !== "number") return null;
  const columns = elements.flatMap((element) => {
    if (!(element instanceof Map) || element.has(5)) return [];
    const type = TYPES[Number(element.get(1))] ?? "unknown";
    return [{ name: String(element.get(4)), type: element.get(3) === 1 ? `${type}, may be missing` : type }];
  });
  return { columns, rows };
}

/** Reads values one after another; a file that lies about its lengths ends in a range error of the view. */
class Reader {
  #at = 0;
  readonly #bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  struct(): Map<number, Thrift> {
    const fields = new Map<number, Thrift>();
    let id = 0;
    for (let head = this.#byte(); head !== 0; head = this.#byte()) {
      id = head >> 4 === 0 ? this.#zigzag() : id + (head >> 4);
      fields.set(id, this.#value(head & 15));
    }
    return fields;
  }

  #byte(): number {
    const byte = this.#bytes[this.#at];
    if (byte === undefined) throw new RangeError("the footer ends within a value");
    this.#at += 1;
    return byte;
  }

  /** Exact up to 2⁵³, which no count of rows comes to. */
  #varint(): number {
    let value = 0;
    for (let weight = 1; ; weight *= 128) {
      const byte = this.#byte();
      value += (byte & 127) * weight;
      if (byte < 128) return value;
    }
  }

  #zigzag(): number {
    const value = this.#varint();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  #value(type: number): Thrift {
    switch (type) {
      case 1:
      case 2:
        return type === 1 ? 1 : 0;
      case 3:
        return this.#byte();
      case 4:
      case 5:
      case 6:
        return this.#zigzag();
      case 7:
        this.#at += 8;
        return 0;
      case 8:
        return this.#text();
      case 9:
      case 10:
        return this.#list();
      case 12:
        return this.struct();
      default:
        throw new RangeError(`the footer has a value of type ${type}`);
    }
  }

  #text(): string {
    const length = this.#varint();
    this.#at += length;
    return new TextDecoder().decode(this.#bytes.subarray(this.#at - length, this.#at));
  }

  #list(): Thrift[] {
    const head = this.#byte();
    const length = head >> 4 === 15 ? this.#varint() : head >> 4;
    const type = head & 15;
    // Within a list a boolean is a byte of its own.
    return Array.from({ length }, () => (type <= 2 ? this.#byte() : this.#value(type)));
  }
}
