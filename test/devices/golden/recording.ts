import { eventually, type Rung } from '../contract/rung.ts';
import { recordBytes, recordHid } from '../transcript-recorder.ts';
import { gateSession, imagerSession, readerSession, type Session } from './sessions.ts';

/** Puts each session's driver and model through it on a rung; gives the lines that were said, by the name of the session. */
export async function recordAll(rung: Rung): Promise<Record<string, string[]>> {
  const { hid, bytes } = rung;
  if (!bytes) throw new Error('this rung has no serial devices');
  return {
    imager: await record(rung, imagerSession, hid, async (path, note) => recordHid(await hid.open(path), note)),
    reader: await record(rung, readerSession, bytes, async (path, note) =>
      recordBytes(await bytes.open(path, 115_200), note),
    ),
    gate: await record(rung, gateSession, bytes, async (path, note) =>
      recordBytes(await bytes.open(path, 115_200), note),
    ),
  };
}

async function record<Port>(
  rung: Rung,
  session: Session<Port>,
  bus: { list(): Promise<readonly { path: string; serial: string }[]> },
  open: (path: string, note: (line: string) => void) => Promise<Port>,
): Promise<string[]> {
  const { serial } = session.options as { serial: string };
  const device = await rung.plug(session.kind, session.options);
  const { path } = await eventually(rung, serial, async () =>
    (await bus.list()).find((info) => info.serial === serial),
  );
  const lines: string[] = [];
  await session.run(await open(path, (line) => lines.push(line)), rung.clock, (verb, args) => device.verb(verb, args));
  await device.unplug();
  return lines;
}
