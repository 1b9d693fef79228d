import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connectControl } from '../control.ts';
import type { Plug } from './device-socket.ts';
import type { ModelKind } from './model-kinds.ts';

/** A modelled device in a process of its own. */
export interface HostedModel {
  /** The Unix socket on which its bytes are spoken (device-frames.ts). */
  readonly socket: string;
  verb<T = unknown>(name: string, args?: unknown): Promise<T>;
  destroy(): Promise<void>;
}

/** The process that hosts them (model-host.ts). */
export interface ModelHost {
  create(kind: ModelKind, options?: object, plug?: Plug): Promise<HostedModel>;
  close(): Promise<void>;
}

/** Starts a model host. It ends with this process, however that ends. */
export async function startModelHost(): Promise<ModelHost> {
  const folder = mkdtempSync(join(tmpdir(), 'limen-models-'));
  const socket = join(folder, 'control');
  // The models are no part of what a faked node shows to this process.
  const { LD_PRELOAD: _, ...env } = process.env;
  const program = join(import.meta.dirname, 'model-host.ts');
  const child = spawn(process.execPath, [program, socket], { stdio: ['pipe', 'pipe', 'inherit'], env });
  await Promise.race([
    once(child.stdout, 'data'),
    once(child, 'exit').then(() => Promise.reject(new Error('the model host ended'))),
  ]);
  const control = await connectControl(socket);
  return {
    async create(kind, options = {}, plug = 'own') {
      const { number, path } = await control.call<{ number: number; path: string }>('create', { kind, options, plug });
      return {
        socket: path,
        verb: (name, args) => control.call(`${number}.${name}`, args),
        destroy: () => control.call('destroy', { number }),
      };
    },
    async close() {
      control.close();
      child.stdin.end();
      await once(child, 'exit');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
