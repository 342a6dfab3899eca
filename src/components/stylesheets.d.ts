// Style sheets imported as text, to be adopted by a shadow root.

declare module '*.css?inline' {
  const text: string;
  export { text as default };
}
