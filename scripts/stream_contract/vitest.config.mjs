// The suite waits for whole long polls, which take 15 s with us; its own limit is that of Vitest otherwise.
export default {
  test: { include: ["*.test.mjs"], testTimeout: 40_000, hookTimeout: 40_000 },
};
