import type { Case } from '../../main/contract/guard.ts';
import { Picture } from './picture.tsx';
import { useWords } from './words.ts';

/** How the traveller followed the prompts before the camera: a frame of every step that was done. */
export function Challenge({ challenge }: { readonly challenge: NonNullable<Case['challenge']> }) {
  const words = useWords();
  const say = words.challenge;
  return (
    <section className="panel challenge" aria-label={say.title}>
      <h3>
        {say.title}: {challenge.passed ? say.passed : say.notPassed}
      </h3>
      {challenge.steps.length === 0 && <p>{say.none}</p>}
      <div className="challenge-steps">
        {challenge.steps.map(({ prompt, image }, index) => (
          // The same prompt comes more than once; its place is what tells it apart.
          // oxlint-disable-next-line react/no-array-index-key
          <Picture key={index} image={image} caption={say.prompts[prompt]} none={words.pictures.none} />
        ))}
      </div>
    </section>
  );
}
