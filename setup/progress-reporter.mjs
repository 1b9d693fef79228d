/** A node:test reporter for a run that is watched for silence: a line for every test that passed, as it ends, and for every figure told. */
export default async function* progress(source) {
  for await (const { type, data } of source) {
    if (type === 'test:complete' && data.details?.passed && data.details.type !== 'suite' && data.skip === undefined)
      yield `  ${Math.round(data.details.duration_ms)} ms: ${data.name}\n`;
    if (type === 'test:stdout') yield data.message;
  }
}
