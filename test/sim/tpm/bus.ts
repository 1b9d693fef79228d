import { once } from 'node:events';
import { createConnection, createServer, type Server } from 'node:net';

/** Commands of a TPM that carry secrets (TPM 2.0 Library, part 2, section 6.5.2). */
export const commandCodes = { create: 0x153, unseal: 0x15e };

/** Bits of a session's attributes (part 2, section 8.4): the command's, or the answer's, first parameter is encrypted. */
export const decryptsCommand = 0x20;
export const encryptsAnswer = 0x40;

/** A command as it went to the TPM, and the attributes of its sessions. */
export interface BusCommand {
  readonly code: number;
  readonly attributes: readonly number[];
}

/** Stands between programs and a TPM in software, and hears all that is said, as someone at the pins of a chip would. */
export async function listenOnBus(device: string) {
  const path = device.replace('swtpm:path=', '');
  const heard: Buffer[] = [];
  const commands: BusCommand[] = [];
  const relay = async (from: string, to: string): Promise<Server> => {
    const server = createServer((client) => {
      const chip = createConnection(to);
      client.on('data', (bytes: Buffer) => {
        heard.push(bytes);
        const command = readCommand(bytes);
        if (command) commands.push(command);
      });
      chip.on('data', (bytes: Buffer) => heard.push(bytes));
      client.pipe(chip).pipe(client);
      for (const end of [client, chip]) end.on('error', () => {});
    });
    await once(server.listen(from), 'listening');
    return server;
  };
  const servers = [await relay(`${path}.bus`, path), await relay(`${path}.bus.ctrl`, `${path}.ctrl`)];
  return {
    device: `swtpm:path=${path}.bus`,
    commands,
    bytes: () => Buffer.concat(heard),
    async [Symbol.asyncDispose]() {
      await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
    },
  };
}

/** Reads a command of one handle with sessions (part 3, section 4); undefined for any other. */
function readCommand(bytes: Buffer): BusCommand | undefined {
  if (bytes.length < 18 || bytes.readUInt16BE(0) !== 0x8002) return undefined;
  const code = bytes.readUInt32BE(6);
  if (!Object.values(commandCodes).includes(code)) return undefined;
  const end = 18 + bytes.readUInt32BE(14);
  const attributes: number[] = [];
  for (let at = 18; at < end;) {
    at += 4 + 2 + bytes.readUInt16BE(at + 4);
    attributes.push(bytes.readUInt8(at));
    at += 1 + 2 + bytes.readUInt16BE(at + 1);
  }
  return { code, attributes };
}
