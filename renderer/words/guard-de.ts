import type { GuardWords } from './guard.ts';

/** The guard's window in German. */
export const guardDe: GuardWords = {
  title: 'Aufsicht über die Schleuse',
  queue: 'Verwiesene Reisende',
  waiting: { one: '{count} Person wartet', other: '{count} Personen warten' },
  fresh: 'Neu',
  empty: {
    title: 'Niemand wartet',
    text: 'Wen die Schleuse an Sie verweist, erscheint sofort hier.',
  },
  unnamed: 'Person ohne lesbares Dokument',
  referred: 'Verwiesen um',
  ago: 'Wartet seit',
  evidence: 'Was die Schleuse weiß',
  reasonsTitle: 'Warum die Schleuse diese Person verwiesen hat',
  noReasons: 'Die Schleuse hat keinen Grund genannt.',
  reasons: {
    'document-unreadable': {
      title: 'Das Dokument war nicht zu lesen',
      advice: 'Prüfen Sie das Dokument von Hand.',
    },
    'document-doubtful': {
      title: 'Das Dokument wurde aus einem Bild gelesen, nicht sicher',
      advice: 'Vergleichen Sie die hier genannten Felder Buchstabe für Buchstabe mit der Datenseite.',
    },
    'document-check-digit': {
      title: 'Eine Prüfziffer des Dokuments ist falsch',
      advice:
        'Vergleichen Sie die gedruckten Zeilen mit der Datenseite; untersuchen Sie das Dokument auf Veränderungen.',
    },
    'document-expired': {
      title: 'Das Dokument ist abgelaufen',
      advice: 'Prüfen Sie das Ablaufdatum, und ob eine Ausnahme gilt.',
    },
    'document-state-unknown': {
      title: 'Das Dokument nennt einen Staat, den keine Liste kennt',
      advice:
        'Vergleichen Sie die hier genannten Felder mit der Datenseite; eine neue oder seltene Behörde ist nicht die Schuld der Person.',
    },
    'portrait-missing': {
      title: 'Aus dem Dokument ließ sich kein Lichtbild nehmen',
      advice: 'Vergleichen Sie die Person selbst mit dem Lichtbild des Dokuments.',
    },
    'face-not-captured': {
      title: 'Kein brauchbares Bild des Gesichts aufgenommen',
      advice: 'Vergleichen Sie die Person selbst mit dem Lichtbild des Dokuments.',
    },
    'face-mismatch': {
      title: 'Das Gesicht passt nicht zum Lichtbild',
      advice: 'Vergleichen Sie die beiden Bilder selbst; verlangen Sie einen zweiten Nachweis der Identität.',
    },
    'challenge-not-passed': {
      title: 'Die Anweisungen vor der Kamera wurden nicht befolgt',
      advice: 'Sehen Sie nach, ob ein Mensch in der Schleuse steht, ohne Bild, Bildschirm oder Maske vor dem Gesicht.',
    },
    'finger-not-captured': {
      title: 'Kein brauchbarer Fingerabdruck aufgenommen',
      advice: 'Sehen Sie nach, ob ein Finger verletzt ist oder fehlt; prüfen Sie Gesicht und Dokument.',
    },
    'watchlist-document': {
      title: 'Das Dokument steht auf der Fahndungsliste',
      advice: 'Schlagen Sie die Ausschreibung unter ihrer Kennung nach, bevor Sie entscheiden.',
    },
    'watchlist-name': {
      title: 'Der Name ähnelt einem auf der Fahndungsliste',
      advice:
        'Schlagen Sie die Ausschreibung unter ihrer Kennung nach; vergleichen Sie Geburtsdatum und Staatsangehörigkeit.',
    },
    'watchlist-finger': {
      title: 'Der Fingerabdruck ähnelt einem auf der Fahndungsliste',
      advice: 'Schlagen Sie die Ausschreibung unter ihrer Kennung nach, bevor Sie entscheiden.',
    },
    'watchlist-face': {
      title: 'Das Gesicht ähnelt einem auf der Fahndungsliste',
      advice: 'Schlagen Sie die Ausschreibung unter ihrer Kennung nach; vergleichen Sie die Bilder selbst.',
    },
    'watchlist-unavailable': {
      title: 'Die Fahndungsliste konnte nicht durchsucht werden',
      advice: 'Suchen Sie die Person am Schalter.',
    },
    'portal-hit': {
      title: 'Ein zentrales System hat eine Ausschreibung',
      advice:
        'Sehen Sie unter „Zentrale Systeme“, was sie verlangt, und schlagen Sie sie unter ihrer Kennung nach, bevor Sie entscheiden.',
    },
    'portal-silent-hit': {
      title: 'Ein zentrales System verlangt eine Kontrolle, die nicht auffallen darf',
      advice:
        'Handeln Sie wie bei jeder anderen Verweisung. Sagen Sie nichts von der Ausschreibung, zeigen Sie nichts, und sehen Sie unter „Zentrale Systeme“, was sie verlangt.',
    },
    'portal-finding': {
      title: 'Ein zentrales System hat etwas, das zu klären ist',
      advice: 'Sehen Sie unter „Zentrale Systeme“, was es ist.',
    },
    'portal-unavailable': {
      title: 'Ein zentrales System, das nötig ist, hat nicht geantwortet',
      advice: 'Fragen Sie es am Schalter. Keine Antwort heißt nicht, dass nichts da ist.',
    },
    'portal-partial': {
      title: 'Ein zentrales System konnte nicht überall suchen',
      advice: 'Fragen Sie es am Schalter noch einmal. Was es nicht gesagt hat, kann trotzdem da sein.',
    },
    'portal-late': {
      title: 'Ein zentrales System hatte nicht geantwortet, als die Schleuse entschied',
      advice: 'Die Antwort ist vielleicht inzwischen da: siehe „Zentrale Systeme“.',
    },
    'entered-by-hand': {
      title: 'Der Übertritt wurde von Hand aufgeschrieben',
      advice: 'An der Schleuse ließ sich zu dieser Zeit nichts speichern.',
    },
    'second-person': {
      title: 'In der Schleuse wurde eine zweite Person gesehen',
      advice:
        'Bitten Sie beide zurückzutreten und prüfen Sie jede einzeln von Hand. Ein Kind oder eine Begleitung kann einen guten Grund haben.',
    },
    tailgating: {
      title: 'Jemand ist gefolgt, oder hat es versucht',
      advice: 'Die Schleuse soll sich schließen. Sehen Sie nach, wer durchgegangen ist, und prüfen Sie alle von Hand.',
    },
    'device-fault': {
      title: 'Ein Gerät der Schleuse ist ausgefallen',
      advice: 'Prüfen Sie von Hand, und sagen Sie der Technik Bescheid.',
    },
    'record-not-stored': {
      title: 'Der Übertritt ließ sich an der Schleuse nicht aufzeichnen',
      advice: 'Zeichnen Sie den Übertritt am Schalter auf.',
    },
    'assistance-requested': {
      title: 'Die Person hat um Hilfe gebeten',
      advice: 'Fragen Sie, wie Sie helfen können; prüfen Sie von Hand.',
    },
    interrupted: {
      title: 'Der Vorgang wurde abgebrochen',
      advice: 'Fragen Sie, ob Hilfe nötig ist; prüfen Sie von Hand.',
    },
    'time-out': {
      title: 'Die Zeit hat nicht gereicht',
      advice: 'Fragen Sie, ob Hilfe nötig ist; prüfen Sie von Hand.',
    },
  },
  score: 'Punktzahl',
  threshold: 'Schwelle',
  alert: 'Kennung der Ausschreibung',
  listVersion: 'Stand der Liste',
  detail: 'Einzelheit',
  pictures: {
    title: 'Gesichter',
    portrait: 'Lichtbild im Dokument',
    live: 'Gesicht an der Schleuse',
    alike: 'Zwei verschiedene Menschen ähneln einander so in etwa einem von {rate} Vergleichen (Schätzung)',
    none: 'Kein Bild',
  },
  challenge: {
    title: 'Anweisungen vor der Kamera',
    passed: 'Befolgt',
    notPassed: 'Nicht befolgt',
    none: 'Kein Schritt wurde gemacht.',
    prompts: {
      centre: 'Geradeaus',
      'turn-left': 'Nach links gedreht',
      'turn-right': 'Nach rechts gedreht',
      red: 'Bildschirm rot',
      green: 'Bildschirm grün',
      blue: 'Bildschirm blau',
    },
  },
  document: {
    title: 'Dokument',
    none: 'Die Schleuse hat keine Dokumentdaten dieser Person.',
    number: 'Dokumentnummer',
    type: 'Art',
    issuingState: 'Ausstellender Staat',
    nationality: 'Staatsangehörigkeit',
    birthDate: 'Geburtsdatum',
    sex: 'Geschlecht',
    expiryDate: 'Ablaufdatum',
    expired: 'abgelaufen',
    unknown: 'Unbekannt',
    sexes: { M: 'Männlich', F: 'Weiblich', X: 'Ohne Angabe' },
    lines: 'Maschinenlesbare Zone',
  },
  decision: {
    title: 'Ihre Entscheidung',
    quick: 'Grund (erforderlich)',
    choices: [
      'Identität nach Augenschein bestätigt',
      'Dokument von Hand geprüft',
      'Ausschreibung geprüft: andere Person',
      'Ausschreibung geprüft: noch zu klären',
      'Zweifel am Dokument',
      'Zweifel an der Identität',
      'Kontrolle von Hand erledigt',
    ],
    more: 'In eigenen Worten',
    admit: 'Schleuse öffnen',
    secondLine: 'Zweite Linie',
    missing: 'Bitte geben Sie zuerst einen Grund mit mindestens drei Zeichen an.',
    failed: 'Die Entscheidung kam nicht an. Die Schleuse bleibt geschlossen. Bitte versuchen Sie es noch einmal.',
    sending: 'Entscheidung wird gesendet',
  },
  gate: {
    title: 'Zustand der Schleuse',
    door: { closed: 'Geschlossen', open: 'Offen', unknown: 'Nicht bekannt', released: 'Notöffnung' },
    doorLabel: 'Schleuse',
    stageLabel: 'Person',
    stages: {
      attract: 'Niemand an der Schleuse',
      language: 'Wählt eine Sprache',
      document: 'Legt das Dokument auf',
      face: 'Gesicht',
      challenge: 'Folgt den Anweisungen',
      finger: 'Fingerabdruck',
      checking: 'Prüfung',
      passed: 'Geht durch',
      referred: 'An Sie verwiesen',
      unavailable: 'Außer Betrieb',
    },
    uplinkLabel: 'Leitung',
    uplink: { online: 'Verbunden', offline: 'Getrennt' },
    queuedLabel: 'Wartende Meldungen',
    listLabel: 'Fahndungsliste',
    list: {
      'in-use': 'In Gebrauch',
      none: 'Keine',
      unconfirmed: 'Geschlossen',
      early: 'Geschlossen',
      loading: 'Wird geladen',
    },
  },
  degraded: {
    title: 'Alle Reisenden werden an Sie verwiesen: Die örtliche Fahndungsliste kann nicht durchsucht werden',
    why: {
      none: 'Es gibt keine Liste, oder ihre 48 Stunden sind um. Die Schleuse holt die nächste, sobald sie kann.',
      unconfirmed:
        'Das Gerät war aus, und die Zentrale hat die Uhrzeit noch nicht bestätigt. Dann öffnet sich die Liste.',
      early: 'Die Liste ist später gemacht, als es nach der Zentrale jetzt ist. Die Technik muss nachsehen.',
      loading: 'Die Liste wird geladen. Das geht von selbst vorüber.',
    },
  },
  away: {
    title: 'Verbindung zur Schleuse',
    text: 'Bis die Verbindung wieder da ist, bleibt die Schleuse geschlossen. Bitte prüfen Sie von Hand.',
  },
};
