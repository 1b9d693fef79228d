declare module '@cornerstonejs/codec-libjpeg-turbo-8bit/decodewasmjs' {
  const load: unknown;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg/decodewasmjs' {
  const load: unknown;
  export default load;
}
declare module '@cornerstonejs/codec-openjpeg' {
  const load: unknown;
  export default load;
}
