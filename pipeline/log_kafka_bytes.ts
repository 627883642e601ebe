/**
 * Kafka's primitive types: https://kafka.apache.org/protocol.html#protocol_types
 * @module
 */
import { Buffer } from "node:buffer";

/** Writes numbers, strings and bytes one after the other, in Kafka's encodings. */
export function createWriter(room = 256) {
  let b = Buffer.allocUnsafe(room);
  let o = 0;
  const reserve = (bytes: number) => {
    if (o + bytes > b.length) b = Buffer.concat([b], Math.max(2 * b.length, o + bytes));
  };
  const writer = {
    i8: (value: number) => (reserve(1), o = b.writeInt8(value, o)),
    i16: (value: number) => (reserve(2), o = b.writeInt16BE(value, o)),
    i32: (value: number) => (reserve(4), o = b.writeInt32BE(value, o)),
    i64: (value: bigint) => (reserve(8), o = b.writeBigInt64BE(value, o)),
    bytes(value: Uint8Array) {
      reserve(value.length);
      b.set(value, o);
      o += value.length;
    },
    uvarint(value: number) {
      for (; value > 127; value >>>= 7) writer.i8((value & 127 | 128) - 256);
      writer.i8(value);
    },
    string(value: string) {
      const utf8 = Buffer.from(value);
      writer.i16(utf8.length);
      writer.bytes(utf8);
    },
    compactString(value: string) {
      const utf8 = Buffer.from(value);
      writer.uvarint(utf8.length + 1);
      writer.bytes(utf8);
    },
    done: () => b.subarray(0, o),
  };
  return writer;
}

/** Reads them back; throws RangeError where the bytes end too early. */
export function createReader(b: Buffer) {
  let o = 0;
  const reader = {
    i8: () => b.readInt8((o += 1) - 1),
    i16: () => b.readInt16BE((o += 2) - 2),
    i32: () => b.readInt32BE((o += 4) - 4),
    i64: () => b.readBigInt64BE((o += 8) - 8),
    bytes(length: number) {
      if (length > b.length - o) throw new RangeError("the answer ends too early");
      return b.subarray(o, o += length);
    },
    uvarint() {
      let value = 0, byte = 128;
      for (let shift = 0; byte & 128; shift += 7) {
        byte = b.readUInt8(o++);
        value |= (byte & 127) << shift;
      }
      return value;
    },
    string() {
      const length = reader.i16();
      return length < 0 ? null : reader.bytes(length).toString();
    },
    compactString: () => reader.bytes(Math.max(0, reader.uvarint() - 1)).toString(),
    /** Null counts as empty. */
    array<T>(item: () => T): T[] {
      const items: T[] = [];
      for (let left = reader.i32(); left > 0; left--) items.push(item());
      return items;
    },
  };
  return reader;
}
