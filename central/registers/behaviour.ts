import type { SearchSource } from '../../main/contract/search.ts';
import type { Clock } from '../esp/clock.ts';
import type { Source } from './register.ts';

/** How a source behaves besides what it knows: how long it takes, whether it is there, whether it can look everywhere. */
export interface Behaviour {
  readonly latencyMs?: number;
  /** `down`: fails at once; `silent`: never answers. */
  readonly state?: 'up' | 'down' | 'silent';
  readonly partial?: boolean;
}

/** Where tests and demonstrations say how sources behave, while they run. */
export type Behaviours = Map<SearchSource, Behaviour>;

/** A source that behaves as it is told; without a word about it, as it is. */
export function behaving(source: Source, behaviours: Behaviours, clock: Clock): Source {
  return {
    ...source,
    async ask(question, signal) {
      const { latencyMs = 0, state = 'up', partial = false } = behaviours.get(source.source) ?? {};
      if (latencyMs > 0) await clock.sleep(latencyMs, signal);
      if (state === 'down') throw new Error('down');
      if (state === 'silent')
        await new Promise((_, reject) => signal.addEventListener('abort', reject, { once: true }));
      const { matches, complete } = await source.ask(question, signal);
      return { matches, complete: complete && !partial };
    },
  };
}
