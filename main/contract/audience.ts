import { type Contract, type Handlers, type Notify, serve, type Wire } from './wire.ts';

/** Everyone who is served one contract: windows come and go, and each is told the present when it comes. */
export interface Audience<C extends Contract> {
  attach(wire: Wire): void;
  readonly tell: Notify<C>;
}

/** Opens an audience for a contract and the handlers of its calls. */
export function openAudience<C extends Contract>(contract: C, handlers: Handlers<C>): Audience<C> {
  const present = new Map<keyof C & string, unknown>();
  const wires = new Set<Notify<C>>();
  return {
    attach(wire) {
      const notify = serve(contract, handlers, wire);
      wires.add(notify);
      wire.onClose(() => void wires.delete(notify));
      for (const [name, value] of present) notify(name, value as never);
    },
    tell(name, value) {
      present.set(name, value);
      for (const notify of wires) notify(name, value);
    },
  };
}
