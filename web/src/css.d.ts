// A style sheet that code imports is its text, for a shadow root.
declare module "*.css" {
  const text: string;
  export default text;
}
