// Calls the exports of the WebAssembly module named first with the requests in the JSON file named second, and prints
// the answers as JSON. Numbers that JSON cannot hold are printed as text.
import { readFile } from "node:fs/promises";

const [modulePath, requestPath] = process.argv.slice(2);
const module = await WebAssembly.compile(await readFile(modulePath));
const { exports: core } = await WebAssembly.instantiate(module, {});
const requests = JSON.parse(await readFile(requestPath, "utf8"));

// Memory may have grown and moved since the last call, so views are made anew each time.
const bytesAt = (address, length) => new Uint8Array(core.memory.buffer, address, length);
const floatsAt = (address, length) => new Float32Array(core.memory.buffer, address, length);

function withBlocks(arrays, use) {
  const blocks = arrays.map((array) => {
    const address = core.alloc(array.byteLength) >>> 0;
    if (address === 0 || address % 16 !== 0) throw new Error(`a block stands at ${address}`);
    bytesAt(address, array.byteLength).set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    return address;
  });
  try {
    return use(...blocks);
  } finally {
    blocks.forEach((address, i) => core.free(address, arrays[i].byteLength));
  }
}

const floats = (text) => new Float32Array(new Uint8Array(Buffer.from(text, "base64")).buffer);
const bytes = (text) => new Uint8Array(Buffer.from(text, "base64"));

const answers = {
  dot: ({ a, b }) => withBlocks([floats(a), floats(b)], (x, y) => core.dot(x, y, floats(a).length)),
  sum: ({ x }) => withBlocks([floats(x)], (at) => core.sum(at, floats(x).length)),
  axpy: ({ a, x, y }) =>
    withBlocks([floats(x), floats(y)], (from, to) => {
      core.axpy(a, from, to, floats(x).length);
      return Array.from(floatsAt(to, floats(y).length));
    }),
  crc32: ({ start, data }) =>
    withBlocks([bytes(data)], (at) => core.crc32(start, at, bytes(data).length) >>> 0),
  verify: ({ data }) => withBlocks([bytes(data)], (at) => core.verify(at, bytes(data).length)),
  header: ({ data }) =>
    withBlocks([bytes(data), new Uint32Array(8)], (at, fields) => {
      const code = core.header(at, bytes(data).length, fields);
      return [code, ...new Uint32Array(core.memory.buffer, fields, 8)];
    }),
  open: ({ file }) =>
    withBlocks([bytes(file), new Uint32Array(5)], (at, facts) => core.model_open(at, bytes(file).length, facts)),
  // What a model says of itself, the code of a prediction, and the prediction.
  predict: ({ file, row }) =>
    withBlocks([bytes(file), new Uint32Array(5), floats(row)], (at, place, from) => {
      const length = bytes(file).length;
      core.model_open(at, length, place);
      const facts = Array.from(new Uint32Array(core.memory.buffer, place, 5));
      const [output, scratch] = [new Float32Array(facts[2]), new Float32Array(facts[4])];
      return withBlocks([output, scratch], (to, room) => {
        const [features, columns] = [floats(row).length, output.length];
        const code = core.model_predict(at, length, from, features, to, columns, room, scratch.length);
        return [facts, code, Array.from(floatsAt(to, columns))];
      });
    }),
  uses_simd: () => core.uses_simd(),
  // Give and take many blocks: memory must stop growing once the lists are filled.
  growth: ({ rounds, size }) => {
    for (let i = 0; i < rounds; i++) withBlocks([new Uint8Array(size)], () => 0);
    const before = core.memory.buffer.byteLength;
    for (let i = 0; i < rounds; i++) withBlocks([new Uint8Array(size)], () => 0);
    return core.memory.buffer.byteLength - before;
  },
  exhausted: () => core.alloc(0xf000_0000) >>> 0,
  imports: () => WebAssembly.Module.imports(module).length,
  exports: () => WebAssembly.Module.exports(module).map(({ name }) => name).sort(),
};

const speakable = (value) => (typeof value === "number" && !Number.isFinite(value) ? String(value) : value);
console.log(JSON.stringify(requests.map(({ call, ...given }) => speakable(answers[call](given)))));
