import { useState } from 'react';
import { guard, type Case } from '../../main/contract/guard.ts';
import type { Bridge } from '../bridge.ts';
import { useKiosk, useTold } from '../parts/told.ts';
import type { Language } from '../../main/contract/traveller.ts';
import { guardEn as words } from '../words/guard-en.ts';
import { systemsWords } from '../words/systems-languages.ts';
import { fill } from '../words/phrase.ts';
import { CentralSystems } from './central-systems.tsx';
import { Challenge } from './challenge.tsx';
import { Decision } from './decision.tsx';
import { DocumentFacts } from './document-facts.tsx';
import { spokenOdds } from './figures.ts';
import { GateBar } from './gate-bar.tsx';
import { LanguageChoice } from './language-choice.tsx';
import { ManualForm } from './manual-form.tsx';
import { Notices } from './notices.tsx';
import { Picture } from './picture.tsx';
import { nameOf, Queue } from './queue.tsx';
import { Reasons } from './reasons.tsx';

type Decide = (outcome: 'admit' | 'second-line', reason: string) => Promise<void>;

interface CaseViewProps {
  readonly each: Case;
  readonly decide: Decide;
  readonly language: Language;
}

function CaseView({ each, decide, language }: CaseViewProps) {
  const expired = each.reasons.some(({ code }) => code === 'document-expired');
  const referredAt = new Date(each.referredAt).toLocaleTimeString('en-GB');
  return (
    <article className="case" aria-labelledby="case-name">
      <header className="case-head">
        <h2 id="case-name">{nameOf(each)}</h2>
        <p>
          {words.referred} <time dateTime={each.referredAt}>{referredAt}</time>
        </p>
      </header>
      {/* A part that scrolls takes the focus, so that it can be scrolled with the keyboard. */}
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
      <section className="case-body" aria-label={words.evidence} tabIndex={0}>
        <Reasons reasons={each.reasons} orders={each.orders} />
        {each.findings && <CentralSystems findings={each.findings} language={language} />}
        <section className="panel faces" aria-label={words.pictures.title}>
          <Picture image={each.portrait} caption={words.pictures.portrait} none={words.pictures.none} />
          <Picture image={each.live} caption={words.pictures.live} none={words.pictures.none} />
          {each.falseMatchRate !== undefined && (
            <p className="alike">{fill(words.pictures.alike, { rate: spokenOdds(each.falseMatchRate) })}</p>
          )}
        </section>
        {each.challenge && <Challenge challenge={each.challenge} />}
        <DocumentFacts document={each.document} expired={expired} />
      </section>
      <Decision decide={decide} />
    </article>
  );
}

function Notice({ title, text }: { readonly title: string; readonly text: string }) {
  return (
    <div className="notice" aria-live="polite">
      <h2>{title}</h2>
      <p>{text}</p>
    </div>
  );
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
  const [language, setLanguage] = useState<Language>('en');
  const [wanted, setWanted] = useState<string>();
  const [seen, setSeen] = useState<ReadonlySet<string>>(new Set());
  const cases = newestFirst(told ?? []);
  const chosen = cases.find(({ crossingId }) => crossingId === wanted) ?? cases[0];
  const id = chosen?.crossingId;
  // A case in front of the guard stays there when a newer one comes.
  if (id !== wanted) setWanted(id);
  if (id && !seen.has(id)) setSeen(new Set([...seen, id]));
  const forGuard = kiosk && (
    <Notices
      notices={notices}
      language={language}
      dismiss={(id) => {
        // One that could not be dismissed is still there.
        kiosk.dismiss({ id }).catch(() => {});
      }}
    />
  );
  return (
    <div className="window" data-page="guard">
      <header className="bar">
        <h1>{words.title}</h1>
        <GateBar gate={link.state === 'connected' ? gate : undefined} search={search} language={language} />
        <LanguageChoice language={language} choose={setLanguage} />
      </header>
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
                language={language}
                decide={(outcome, reason) => kiosk.decide({ crossingId: chosen.crossingId, outcome, reason })}
              />
            </>
          ) : (
            <div className="lobby">
              {forGuard}
              {search?.rung === 'manual' && <ManualForm language={language} enter={(entry) => kiosk.enter(entry)} />}
              {present ? (
                <CentralSystems
                  findings={present.findings}
                  language={language}
                  title={systemsWords[language].atTheGate}
                />
              ) : (
                <Notice {...words.empty} />
              )}
            </div>
          )}
        </main>
      ) : (
        <main className="desk desk-empty">
          <Notice {...words.away} />
        </main>
      )}
    </div>
  );
}
