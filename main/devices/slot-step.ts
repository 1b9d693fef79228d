import type { DeviceView } from '../contract/technician.ts';
import type { FaultCode } from '../contract/fault.ts';

/** What a role is doing. While the bus is looked at, what was shown before is shown still. */
export type Stage = 'looking' | 'opening' | 'ready' | 'busy' | 'absent' | 'fault' | 'out' | 'closed';

/** What happens to a role. */
export type SlotEvent =
  /** The pause is over. */
  | { readonly type: 'due' }
  /** Something was plugged in or out, whatever it is. */
  | { readonly type: 'plugged' }
  /** A technician asks for the device now. */
  | { readonly type: 'asked' }
  /** There is a device that could fill the role. */
  | { readonly type: 'found' }
  | { readonly type: 'missing' }
  | { readonly type: 'opened' }
  | { readonly type: 'failed'; readonly fault: FaultCode }
  | { readonly type: 'used' }
  | { readonly type: 'unused' }
  | { readonly type: 'lost'; readonly fault: FaultCode }
  | { readonly type: 'closed' };

/** What is to be done next: look at the bus and open what fits, or pause so many milliseconds. */
export type SlotEffect =
  { readonly type: 'none' } | { readonly type: 'look' } | { readonly type: 'pause'; readonly delayMs: number };

/** All that is known of a role; times are of the monotonic clock. */
export interface SlotState {
  readonly stage: Stage;
  readonly shown: DeviceView['state'];
  readonly fault: FaultCode | '';
  readonly sinceMs: number;
  readonly lastFault: FaultCode | '';
  readonly lastFaultAtMs: number;
  /** How long the next pause is, before jitter. */
  readonly delayMs: number;
  /** Something was plugged since the bus was last looked at. */
  readonly plugged: boolean;
  readonly openedAtMs: number;
  readonly opened: number;
  readonly lost: number;
  /** Openings that failed. */
  readonly failed: number;
  /** Looks at the bus after the first. */
  readonly retried: number;
}

/** The time on the monotonic clock, and a random number 0 to 1 that spreads pauses. */
export interface StepContext {
  readonly nowMs: number;
  readonly random: number;
}

type Step = readonly [SlotState, SlotEffect];
type Rule<E extends SlotEvent['type']> = (
  state: SlotState,
  event: Extract<SlotEvent, { type: E }>,
  context: StepContext,
) => Step;
type Rules = { readonly [E in SlotEvent['type']]?: Rule<E> };

export const backOffLeastMs = 250;
export const backOffMostMs = 8_000;
/** A device that has held this long had a true start: its next loss begins with the short pause again. */
const steadyMs = 10_000;

const nothing: SlotEffect = { type: 'none' };

/** A role at its start: the bus is about to be looked at. */
export function firstSlotState(nowMs: number): SlotState {
  return {
    stage: 'looking',
    shown: 'absent',
    fault: '',
    sinceMs: nowMs,
    lastFault: '',
    lastFaultAtMs: nowMs,
    delayMs: backOffLeastMs,
    plugged: false,
    openedAtMs: nowMs,
    opened: 0,
    lost: 0,
    failed: 0,
    retried: 0,
  };
}

function enter(state: SlotState, stage: Exclude<Stage, 'looking' | 'closed'>, fault: FaultCode | '', nowMs: number) {
  const same = state.shown === stage && state.fault === fault;
  return { ...state, stage, shown: stage, fault, sinceMs: same ? state.sinceMs : nowMs };
}

/** Nothing fills the role, for the fault's reason: pause, or look again at once when something was plugged meanwhile. */
function rest(state: SlotState, fault: FaultCode, { nowMs, random }: StepContext): Step {
  const stage = fault === 'device.absent' ? 'absent' : fault === 'device.quarantined' ? 'out' : 'fault';
  const resting = enter(state, stage, fault, nowMs);
  if (stage === 'absent' && state.plugged) return look(resting, backOffLeastMs);
  return [resting, { type: 'pause', delayMs: state.delayMs * (0.5 + random / 2) }];
}

function look(state: SlotState, delayMs: number): Step {
  return [{ ...state, stage: 'looking', plugged: false, delayMs, retried: state.retried + 1 }, { type: 'look' }];
}

const noted = (state: SlotState, fault: FaultCode, nowMs: number): SlotState =>
  fault === 'device.absent' || fault === 'device.quarantined'
    ? state
    : { ...state, lastFault: fault, lastFaultAtMs: nowMs };

const later: Rule<'due'> = (state) => look(state, Math.min(backOffMostMs, state.delayMs * 2));
const now = (state: SlotState): Step => look(state, backOffLeastMs);
const note: Rule<'plugged'> = (state) => [{ ...state, plugged: true }, nothing];
const open: Rule<'opened'> = (state, _event, { nowMs }) => [
  { ...enter(state, 'ready', '', nowMs), openedAtMs: nowMs, opened: state.opened + 1 },
  nothing,
];
const fail: Rule<'failed'> = (state, { fault }, context) => {
  const failed = state.failed + (fault === 'device.absent' || fault === 'device.quarantined' ? 0 : 1);
  return rest({ ...noted(state, fault, context.nowMs), failed }, fault, context);
};
const miss: Rule<'missing'> = (state, _event, context) => rest(state, 'device.absent', context);
const lose: Rule<'lost'> = (state, { fault }, context) => {
  const { nowMs } = context;
  const delayMs = nowMs - state.openedAtMs > steadyMs ? backOffLeastMs : state.delayMs;
  return rest({ ...noted(state, fault, nowMs), delayMs, lost: state.lost + 1 }, fault, context);
};
const close: Rule<'closed'> = (state, _event, { nowMs }) => [
  { ...enter(state, 'absent', '', nowMs), stage: 'closed' },
  nothing,
];

/** What each event means at each stage; what a stage does not name, it ignores. */
export const slotTable: Readonly<Record<Stage, Rules>> = {
  looking: {
    plugged: note,
    found: (state, _event, { nowMs }) => [enter(state, 'opening', state.fault, nowMs), nothing],
    missing: miss,
    opened: open,
    failed: fail,
    closed: close,
  },
  opening: { plugged: note, missing: miss, opened: open, failed: fail, closed: close },
  ready: {
    plugged: note,
    used: (state, _event, { nowMs }) => [enter(state, 'busy', '', nowMs), nothing],
    lost: lose,
    closed: close,
  },
  busy: {
    plugged: note,
    unused: (state, _event, { nowMs }) => [enter(state, 'ready', '', nowMs), nothing],
    lost: lose,
    closed: close,
  },
  absent: { due: later, plugged: now, asked: now, closed: close },
  // A device at fault is left alone for its pause: pulling and plugging it does not make it faster.
  fault: { due: later, plugged: note, asked: now, closed: close },
  out: { due: later, plugged: now, asked: now, closed: close },
  closed: {},
};

/** One step of a role's life. */
export function step(state: SlotState, event: SlotEvent, context: StepContext): Step {
  const rule = slotTable[state.stage][event.type] as Rule<SlotEvent['type']> | undefined;
  return rule ? rule(state, event, context) : [state, nothing];
}
