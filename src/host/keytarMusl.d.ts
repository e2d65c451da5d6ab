/** keytar with its binary for Linux with musl: esbuild.js puts it together. */
declare module 'keytar/musl' {
  export * from 'keytar';
}
