import { type MessagePortMain, utilityProcess, type UtilityProcess } from 'electron';
import type { Audience } from '../config/config.ts';
import { restartPolicy } from './restart.ts';

/** The core in a process of its own, kept alive. */
export interface CoreProcess {
  readonly ready: boolean;
  /** Hands a port of a page to the core, which serves it what its audience may have. */
  connect(audience: Audience, port: MessagePortMain): void;
  stop(): void;
}

export interface CoreProcessOptions {
  /** Path of the core's entry. */
  readonly entry: string;
  readonly env: NodeJS.ProcessEnv;
  /** A core that says nothing for so long is taken for hung and killed. */
  readonly silenceMs: number;
  onReady(): void;
  onLost(outOfService: boolean): void;
}

/** Forks the core and watches it: a core that dies or falls silent is started again with back-off. */
export function startCore(options: CoreProcessOptions): CoreProcess {
  const policy = restartPolicy({ firstDelayMs: 250, longestDelayMs: 30_000, deathsAllowed: 4, windowMs: 120_000 });
  let child: UtilityProcess | undefined;
  let ready = false;
  let stopped = false;
  let watch: NodeJS.Timeout | undefined;
  let due: NodeJS.Timeout | undefined;

  const heard = () => {
    clearTimeout(watch);
    watch = setTimeout(() => child?.kill(), options.silenceMs);
  };
  const start = () => {
    const fork = utilityProcess.fork(options.entry, [], {
      serviceName: 'limen-core',
      env: options.env,
      stdio: 'inherit',
    });
    child = fork;
    heard();
    fork.on('message', (message: unknown) => {
      heard();
      if (message !== 'ready') return;
      ready = true;
      options.onReady();
    });
    fork.once('exit', () => {
      clearTimeout(watch);
      ready = false;
      child = undefined;
      if (stopped) return;
      const { delayMs, outOfService } = policy.died(performance.now());
      options.onLost(outOfService);
      due = setTimeout(start, delayMs);
    });
  };
  start();

  return {
    get ready() {
      return ready;
    },
    connect: (audience, port) => child?.postMessage({ connect: audience }, [port]),
    stop() {
      stopped = true;
      clearTimeout(due);
      clearTimeout(watch);
      child?.kill();
    },
  };
}
