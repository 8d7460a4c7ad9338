// Leaves out of the worker that reads workbooks the tables of the encodings that nothing in it asks for.
//
// The workbook reader links encoding_rs, and whatever is decoded with it keeps every decoder and every table alive: Big5, EUC-JP,
// EUC-KR, ISO 2022, Shift JIS and the single bytes are 90 KB that hardly compress. The worker asks for UTF-8, UTF-16 and GB18030 by name
// (common/src/sheet/csv_text.rs); only the declaration of an XML part could ask for others, by their label, and workbooks are
// UTF-8 (common/src/sheet/archive.rs). So every label is made to mean UTF-8, as which nothing reaches the other tables any more,
// and these are filled with zeros, which compress to nothing. The linker's map tells where they lie.

/** The tables of GB18030 are the only ones that stay. */
const kept = /^(GB|GBK|GB2312|GB18030)_/;
/** Some of those that must be found; if encoding_rs is made anew, somebody should look. */
const expected = ["BIG5_LOW_BITS", "JIS0208_LEVEL1_KANJI", "JIS0212_KANJI", "KSX1001_HANGUL", "KSX1001_HANJA", "SINGLE_BYTE_DATA"];

/** The worker as linked or bound, and the text of the linker's map. */
export function withoutTables(wasm, map) {
  const out = Buffer.from(wasm);
  const tables = named(map, "4data");
  const missing = expected.filter((name) => !tables.has(name));
  if (missing.length > 0) throw new Error(`The worker's map does not name ${missing}: are they gone from encoding_rs?`);
  const own = named(map, "");
  const [labels, utf8] = [own.get("ENCODINGS_IN_LABEL_SORT"), own.get("UTF_8_INIT")];
  if (!labels || !utf8) throw new Error("The worker's map does not name the labels of encodings, or UTF-8");

  const at = places(out);
  const [first, pointer] = [at(labels.address, labels.size), Buffer.alloc(4)];
  pointer.writeUInt32LE(utf8.address);
  if (!out.subarray(first, first + labels.size).includes(pointer)) throw new Error("The labels of encodings don't name UTF-8");
  for (let place = first; place < first + labels.size; place += 4) pointer.copy(out, place);
  let left = 0;
  for (const [name, { address, size }] of tables) {
    if (kept.test(name)) continue;
    const start = at(address, size);
    out.fill(0, start, start + size);
    left += size;
  }
  if (left < 60_000) throw new Error(`Only ${left} bytes of tables were found`);
  return out;
}

/** Statics of a module of encoding_rs, by name: their address and size in bytes. */
function named(map, module) {
  const found = new Map();
  for (const [, address, size, length, rest] of map.matchAll(new RegExp(`^ *([0-9a-f]+) +[0-9a-f]+ +([0-9a-f]+) .*\\(\\.rodata\\.\\w*11encoding_rs${module}(\\d+)(\\w+)`, "gm"))) {
    found.set(rest.slice(0, Number(length)), { address: parseInt(address, 16), size: parseInt(size, 16) });
  }
  return found;
}

/** Tells where in the module the bytes of an address are written. */
function places(wasm) {
  const segments = [];
  for (let start = 8; start < wasm.length;) {
    const [size, content] = number(wasm, start + 1);
    if (wasm[start] === 11) {
      let [count, place] = number(wasm, content);
      for (; count > 0; count--) {
        // Active, in the only memory, at a constant.
        if (wasm[place] !== 0 || wasm[place + 1] !== 0x41) throw new Error("The worker's memory is written in another way than this knows");
        const [address, end] = number(wasm, place + 2);
        const [length, bytes] = number(wasm, end + 1);
        segments.push({ address, length, bytes });
        place = bytes + length;
      }
    }
    start = content + size;
  }
  return (address, size) => {
    const segment = segments.find((one) => one.address <= address && address + size <= one.address + one.length);
    if (!segment) throw new Error(`Nothing is written at ${address}`);
    return segment.bytes + address - segment.address;
  };
}

/** A number as LEB128 (those here are far below 2 ** 31), and the place behind it. */
function number(bytes, at) {
  let value = 0;
  for (let shift = 0; ; shift += 7) {
    value += (bytes[at] & 127) * 2 ** shift;
    if ((bytes[at++] & 128) === 0) return [value, at];
  }
}
