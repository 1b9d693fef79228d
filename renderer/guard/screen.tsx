import { useState } from 'react';
import { guard, type Case, type Present } from '../../main/contract/guard.ts';
import type { Bridge } from '../bridge.ts';
import { useKiosk, useTold } from '../parts/told.ts';
import { useLanguage } from '../parts/language.ts';
import { StaffWindow } from '../parts/staff-window.tsx';
import { fill, localeOf } from '../words/phrase.ts';
import { guardWords } from '../words/staff-languages.ts';
import { CentralSystems } from './central-systems.tsx';
import { Challenge } from './challenge.tsx';
import { Decision } from './decision.tsx';
import { DocumentFacts } from './document-facts.tsx';
import { spokenOdds } from './figures.ts';
import { Degraded } from './degraded.tsx';
import { GateBar } from './gate-bar.tsx';
import { type HandWritten, ManualForm, unwritten } from './manual-form.tsx';
import { Notices } from './notices.tsx';
import { Picture } from './picture.tsx';
import { nameOf, Queue } from './queue.tsx';
import { Reasons } from './reasons.tsx';
import { useSystemsWords, useWords } from './words.ts';

type Decide = (outcome: 'admit' | 'second-line', reason: string) => Promise<void>;

interface CaseViewProps {
  readonly each: Case;
  readonly decide: Decide;
}

function CaseView({ each, decide }: CaseViewProps) {
  const language = useLanguage();
  const words = useWords();
  const expired = each.reasons.some(({ code }) => code === 'document-expired');
  const referredAt = new Date(each.referredAt).toLocaleTimeString(localeOf(language));
  return (
    <article className="case" aria-labelledby="case-name">
      <header className="case-head">
        <h2 id="case-name">
          <bdi>{nameOf(each, words)}</bdi>
        </h2>
        <p>
          {words.referred} <time dateTime={each.referredAt}>{referredAt}</time>
        </p>
      </header>
      {/* A part that scrolls takes the focus, so that it can be scrolled with the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="case-body" aria-label={words.evidence} tabIndex={0}>
        <Reasons reasons={each.reasons} />
        {each.findings && <CentralSystems findings={each.findings} />}
        <section className="panel faces" aria-label={words.pictures.title}>
          <Picture image={each.portrait} caption={words.pictures.portrait} none={words.pictures.none} />
          <Picture image={each.live} caption={words.pictures.live} none={words.pictures.none} />
          {each.falseMatchRate !== undefined && (
            <p className="alike">{fill(words.pictures.alike, { rate: spokenOdds(each.falseMatchRate, language) })}</p>
          )}
        </section>
        {each.challenge && <Challenge challenge={each.challenge} />}
        <DocumentFacts document={each.document} expired={expired} />
      </section>
      <Decision decide={decide} />
    </article>
  );
}

function Notice({ of }: { readonly of: 'empty' | 'away' }) {
  const { title, text } = useWords()[of];
  return (
    <div className="notice" aria-live="polite">
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
}

/** The traveller at the gate, as the central systems answer. */
function AtTheGate({ findings }: NonNullable<Present>) {
  return <CentralSystems findings={findings} title={useSystemsWords().atTheGate} />;
}

function newestFirst(cases: readonly Case[]): readonly Case[] {
  return cases.toSorted((a, b) => b.referredAt.localeCompare(a.referredAt));
}

/** The guard's window: who was referred and why, and what the guard decides. It keeps nothing. */
export function GuardScreen({ bridge }: { readonly bridge: Bridge }) {
  const [link, kiosk] = useKiosk(bridge, guard);
  const gate = useTold(kiosk?.gate);
  const told = useTold(kiosk?.cases);
  const present = useTold(kiosk?.present);
  const notices = useTold(kiosk?.notices) ?? [];
  const search = useTold(kiosk?.search);
  const [wanted, setWanted] = useState<string>();
  const [byHand, setByHand] = useState<HandWritten>();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const cases = newestFirst(told ?? []);
  // What was begun on paper has yet to be entered when the gate can store again.
  if (search?.rung === 'manual' && !byHand) setByHand(unwritten());
  const chosen = cases.find(({ crossingId }) => crossingId === wanted) ?? cases[0];
  const id = chosen?.crossingId;
  // A case in front of the guard stays there when a newer one comes.
  if (id !== wanted) setWanted(id);
  if (id && !seen.has(id)) setSeen(new Set([...seen, id]));
  const forGuard = kiosk && (
    <Notices
      notices={notices}
      dismiss={(id) => {
        // One that could not be dismissed is still there.
        kiosk.dismiss({ id }).catch(() => {});
      }}
    />
  );
  return (
    <StaffWindow
      page="guard"
      words={guardWords}
      bar={<GateBar gate={link.state === 'connected' ? gate : undefined} search={search} />}
    >
      {link.state === 'connected' && gate && gate.list !== 'in-use' && <Degraded list={gate.list} />}
      {told && kiosk && link.state === 'connected' ? (
        <main className={chosen ? 'desk' : 'desk desk-empty'}>
          {chosen ? (
            <>
              <div className="side">
                {forGuard}
                <Queue cases={cases} chosen={id} seen={seen} choose={setWanted} />
              </div>
              <CaseView
                key={id}
                each={chosen}
                decide={(outcome, reason) => kiosk.decide({ crossingId: chosen.crossingId, outcome, reason })}
              />
            </>
          ) : (
            <div className="lobby">
              {forGuard}
              {byHand && (
                <ManualForm
                  values={byHand}
                  write={setByHand}
                  enter={(entry) => kiosk.enter(entry)}
                  done={search?.rung === 'manual' ? undefined : () => setByHand(undefined)}
                />
              )}
              {present ? <AtTheGate {...present} /> : <Notice of="empty" />}
            </div>
          )}
        </main>
      ) : (
        <main className="desk desk-empty">
          <Notice of="away" />
        </main>
      )}
    </StaffWindow>
  );
}
