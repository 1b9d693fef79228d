import type { TravellerWords } from './traveller.ts';

/** German. */
export const de: TravellerWords = {
  name: 'Deutsch',
  direction: 'ltr',
  greeting: 'Willkommen',
  begin: 'Zum Beginnen den Bildschirm berühren',
  chooseLanguage: 'Wählen Sie Ihre Sprache',
  progress: 'Schritte',
  steps: { document: 'Dokument', face: 'Gesicht', finger: 'Finger', gate: 'Durchgang' },
  attempt: 'Versuch {attempt} von {attempts}',
  document: {
    title: 'Legen Sie Ihr Dokument auf das Lesegerät',
    hints: {
      place: 'Öffnen Sie Ihren Reisepass auf der Seite mit dem Foto und legen Sie ihn mit dieser Seite auf das Glas.',
      hold: 'Bitte nicht bewegen. Ihr Dokument wird gelesen.',
      again:
        'Das Dokument konnte nicht gelesen werden. Legen Sie es noch einmal flach auf das Glas, ohne es zu bewegen.',
      turn: 'Bitte drehen Sie das Dokument um und legen Sie es mit der Fotoseite auf das Glas.',
      wait: 'Das Lesegerät ist noch nicht bereit. Einen Moment, bitte.',
    },
    camera: {
      title: 'Legen Sie Ihr Dokument unter die Kamera',
      picture: 'Livebild Ihres Dokuments',
      hints: {
        place:
          'Schlagen Sie Ihren Pass auf der Seite mit dem Foto auf und legen Sie ihn flach unter die Kamera, das Foto nach oben.',
        hold: 'Bitte lassen Sie es still liegen. Ihr Dokument wird gelesen.',
        again:
          'Das Dokument konnte nicht gelesen werden. Legen Sie es noch einmal flach unter die Kamera und vermeiden Sie Spiegelungen.',
        turn: 'Bitte drehen Sie das Dokument um.',
        wait: 'Die Kamera ist noch nicht bereit. Einen Moment, bitte.',
      },
    },
  },
  face: {
    title: 'Schauen Sie in die Kamera',
    picture: 'Livebild Ihres Gesichts',
    progress: 'Fortschritt der Aufnahme',
    noCamera: 'Die Kamera ist noch nicht bereit. Einen Moment, bitte.',
    prompts: {
      centre: 'Bitte schauen Sie einen Moment gerade in die Kamera.',
      'turn-left': 'Bitte drehen Sie den Kopf langsam nach links, wie der Pfeil zeigt.',
      'turn-right': 'Bitte drehen Sie den Kopf langsam nach rechts, wie der Pfeil zeigt.',
      light: 'Bitte halten Sie still und schauen Sie auf den Bildschirm. Seine Farbe wechselt einige Male.',
    },
    hints: {
      find: 'Bitte stellen Sie sich vor die Kamera.',
      closer: 'Bitte kommen Sie etwas näher.',
      back: 'Bitte gehen Sie etwas zurück.',
      centre: 'Bitte bringen Sie Ihr Gesicht in das Oval.',
      straight: 'Bitte schauen Sie gerade in die Kamera.',
      'one-person': 'Bitte nur eine Person auf einmal.',
      light: 'Bitte nehmen Sie Kopfbedeckung und dunkle Brille ab und wenden Sie das Gesicht zum Licht.',
      still: 'Bitte halten Sie still.',
      eyes: 'Bitte halten Sie die Augen offen.',
      mouth: 'Bitte schließen Sie den Mund.',
      uncover: 'Bitte machen Sie Ihr Gesicht frei: nehmen Sie Maske und Schal ab und die Hände herunter.',
      'uncover-eyes': 'Bitte machen Sie Ihre Augen frei: nehmen Sie die dunkle Brille ab.',
      hold: 'Sehr gut. Bitte bleiben Sie so.',
      wait: 'Einen Moment, bitte.',
    },
  },
  finger: {
    title: 'Legen Sie Ihren {finger} auf den Scanner',
    names: {
      unknown: 'Finger',
      'right-thumb': 'rechten Daumen',
      'right-index': 'rechten Zeigefinger',
      'right-middle': 'rechten Mittelfinger',
      'right-ring': 'rechten Ringfinger',
      'right-little': 'rechten kleinen Finger',
      'left-thumb': 'linken Daumen',
      'left-index': 'linken Zeigefinger',
      'left-middle': 'linken Mittelfinger',
      'left-ring': 'linken Ringfinger',
      'left-little': 'linken kleinen Finger',
    },
    hints: {
      place: 'Legen Sie den Finger flach auf den Scanner.',
      hold: 'Halten Sie den Finger ruhig auf dem Scanner.',
      lift: 'Danke. Sie können den Finger abheben.',
      'press-harder': 'Bitte etwas fester drücken.',
      'press-lighter': 'Bitte etwas leichter drücken.',
      centre: 'Bitte legen Sie den Finger in die Mitte des Scanners.',
      clean: 'Bitte wischen Sie den Finger trocken und versuchen Sie es noch einmal.',
      wait: 'Der Scanner ist noch nicht bereit. Einen Moment, bitte.',
    },
  },
  checking: { title: 'Bitte warten', text: 'Ihre Angaben werden geprüft. Das dauert wenige Sekunden.' },
  passed: {
    title: 'Danke. Bitte gehen Sie weiter',
    text: 'Der Durchgang ist offen. Bitte denken Sie an Ihr Dokument.',
  },
  referred: {
    title: 'Bitte gehen Sie zum Schalter',
    text: 'Dort hilft Ihnen eine Beamtin oder ein Beamter weiter. Bitte denken Sie an Ihr Dokument.',
  },
  unavailable: { title: 'Dieser Durchgang ist außer Betrieb', text: 'Bitte gehen Sie zum besetzten Schalter.' },
  moment: { title: 'Einen Moment, bitte', text: 'Der Durchgang ist gleich bereit.' },
  warning: {
    title: 'Brauchen Sie mehr Zeit?',
    left: {
      one: 'Der Vorgang endet in {seconds} Sekunde.',
      other: 'Der Vorgang endet in {seconds} Sekunden.',
    },
    stay: 'Ich brauche mehr Zeit',
  },
  cancel: 'Abbrechen',
  officer: 'Personal rufen',
  contrast: 'Hoher Kontrast',
  largerText: 'Größere Schrift',
};
