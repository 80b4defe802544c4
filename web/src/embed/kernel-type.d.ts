// The build makes this module of kernel.ts; see `build_embed` in build.py.
declare module "penstock-kernel" {
  const kernel: () => typeof import("./kernel.js");
  export default kernel;
}
