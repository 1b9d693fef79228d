import type { Policy } from '../contract/policy.ts';

const rule = {
  falseAlarmsPer1000: 10,
  // A document by its number, a finger by the threshold for the list's size, the same name and birth date.
  alone: [{ means: 'document' }, { means: 'finger' }, { means: 'name', score: 0.99 }],
} satisfies Partial<Policy['rules'][number]>;

/** Where nothing is configured: discreet checks are noticed, all else is referred, at ten false alarms in a thousand travellers. */
export const builtInPolicy: Pick<Policy, 'rules'> = {
  rules: [
    { actions: ['discreet-check'], treatment: 'notice', ...rule },
    { treatment: 'refer', ...rule },
  ],
};
