import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import { connect, type Client, type Contract } from '../../main/contract/wire.ts';
import type { Bridge, Link } from '../bridge.ts';

/** The page's link to the kiosk, and the typed far end while there is one. */
export function useKiosk<C extends Contract>(bridge: Bridge, contract: C): [Link, Client<C> | undefined] {
  const link = useSyncExternalStore(bridge.subscribe, bridge.current);
  const client = useMemo(
    () => (link.state === 'connected' ? connect(contract, link.wire) : undefined),
    [link, contract],
  );
  return [link, client];
}

type Subscribe<T> = (hear: (value: T) => void) => () => void;

/** The latest value of a tell; undefined until the first of this connection has come. */
export function useTold<T>(subscribe: Subscribe<T> | undefined): T | undefined {
  const [told, setTold] = useState<{ from: Subscribe<T>; value: T }>();
  useEffect(() => subscribe?.((value) => setTold({ from: subscribe, value })), [subscribe]);
  return told && told.from === subscribe ? told.value : undefined;
}

/** A value once it has stayed the same for a while, so that what flickers is neither read nor spoken. */
export function useSteady<T>(value: T, steadyMs: number): T {
  const [steady, setSteady] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSteady(value), steadyMs);
    return () => clearTimeout(timer);
  }, [value, steadyMs]);
  return steady;
}

/** The time by a clock that ticks once in a while. */
export function useNow(periodMs: number): number {
  const [nowMs, setNowMs] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNowMs(Date.now()), periodMs);
    return () => clearInterval(timer);
  }, [periodMs]);
  return nowMs;
}
