import type { GuardWords } from './guard.ts';

/** The guard's window in English. */
export const guardEn: GuardWords = {
  title: 'Gate supervision',
  queue: 'Referred travellers',
  waiting: { one: '{count} traveller waiting', other: '{count} travellers waiting' },
  fresh: 'New',
  empty: {
    title: 'Nobody is waiting',
    text: 'Travellers whom the gate refers to you appear here at once.',
  },
  unnamed: 'Traveller without a readable document',
  referred: 'Referred at',
  ago: 'Waiting',
  evidence: 'What the gate knows',
  reasonsTitle: 'Why the gate referred this traveller',
  noReasons: 'The gate gave no reason.',
  reasons: {
    'document-unreadable': {
      title: 'The document could not be read',
      advice: 'Examine the document by hand.',
    },
    'document-doubtful': {
      title: 'The document was read from a picture, not surely',
      advice: 'Compare the fields named here with the data page, letter by letter.',
    },
    'document-check-digit': {
      title: 'A check digit of the document is wrong',
      advice: 'Compare the printed lines with the data page; examine the document for alteration.',
    },
    'document-expired': {
      title: 'The document has expired',
      advice: 'Check the date of expiry, and whether an exemption applies.',
    },
    'document-state-unknown': {
      title: 'The document names a state that no list knows',
      advice:
        'Compare the fields named here with the data page; a new or a rare authority is no fault of the traveller.',
    },
    'portrait-missing': {
      title: 'No portrait could be taken from the document',
      advice: 'Compare the traveller with the document’s portrait yourself.',
    },
    'face-not-captured': {
      title: 'No usable face image was captured',
      advice: 'Compare the traveller with the document’s portrait yourself.',
    },
    'face-mismatch': {
      title: 'The live face does not match the portrait',
      advice: 'Compare the two pictures yourself; ask for a second proof of identity.',
    },
    'challenge-not-passed': {
      title: 'The traveller did not follow the prompts before the camera',
      advice: 'See that a person stands at the gate, without picture, screen or mask before the face.',
    },
    'finger-not-captured': {
      title: 'No usable fingerprint was captured',
      advice: 'Check whether a finger is hurt or missing; identify the traveller by face and document.',
    },
    'watchlist-document': {
      title: 'The document is on the watchlist',
      advice: 'Look up the alert by its reference before you decide.',
    },
    'watchlist-name': {
      title: 'The name is like one on the watchlist',
      advice: 'Look up the alert by its reference; compare the date of birth and nationality.',
    },
    'watchlist-finger': {
      title: 'The fingerprint is like one on the watchlist',
      advice: 'Look up the alert by its reference before you decide.',
    },
    'watchlist-face': {
      title: 'The face is like one on the watchlist',
      advice: 'Look up the alert by its reference; compare the pictures yourself.',
    },
    'watchlist-unavailable': {
      title: 'The watchlist could not be searched',
      advice: 'Search for the traveller at the counter.',
    },
    'portal-hit': {
      title: 'A central system has an alert',
      advice: 'See what it asks for under “Central systems”, and look the alert up by its reference before you decide.',
    },
    'portal-silent-hit': {
      title: 'A central system asks for a check that must not be noticed',
      advice:
        'Act as with any other referral. Say nothing of the alert, show nothing, and see under “Central systems” what it asks for.',
    },
    'portal-finding': {
      title: 'A central system has something to look into',
      advice: 'See under “Central systems” what it is.',
    },
    'portal-unavailable': {
      title: 'A central system that is needed did not answer',
      advice: 'Ask it at the counter. That it did not answer does not mean that nothing is there.',
    },
    'portal-partial': {
      title: 'A central system could not look everywhere',
      advice: 'Ask it again at the counter. What it did not say may still be there.',
    },
    'portal-late': {
      title: 'A central system had not answered when the gate decided',
      advice: 'Its answer may have come since: see “Central systems”.',
    },
    'entered-by-hand': {
      title: 'The crossing was written down by hand',
      advice: 'Nothing could be stored at the gate at that time.',
    },
    'second-person': {
      title: 'A second person was seen in the gate',
      advice: 'Ask both to step back, and check each of them by hand. A child or a helper may have a good reason.',
    },
    tailgating: {
      title: 'Someone followed the traveller, or tried to',
      advice: 'The gate has been told to close. See who has gone through, and check everyone by hand.',
    },
    'device-fault': {
      title: 'A device of the gate failed',
      advice: 'Carry out the check by hand, and tell the technician.',
    },
    'record-not-stored': {
      title: 'The crossing could not be recorded at the gate',
      advice: 'Record the crossing at the counter.',
    },
    'assistance-requested': {
      title: 'The traveller asked for an officer',
      advice: 'Ask how you can help; carry out the check by hand.',
    },
    interrupted: {
      title: 'The crossing was broken off',
      advice: 'Ask whether the traveller needs help; carry out the check by hand.',
    },
    'time-out': {
      title: 'The traveller ran out of time',
      advice: 'Ask whether the traveller needs help; carry out the check by hand.',
    },
  },
  score: 'Score',
  threshold: 'Threshold',
  alert: 'Alert reference',
  listVersion: 'List version',
  detail: 'Detail',
  pictures: {
    title: 'Faces',
    portrait: 'Portrait in the document',
    live: 'Live face at the gate',
    alike: 'Two different people look so alike in about one of {rate} comparisons (estimate)',
    none: 'No picture',
  },
  challenge: {
    title: 'Prompts before the camera',
    passed: 'Followed',
    notPassed: 'Not followed',
    none: 'No step was done.',
    prompts: {
      centre: 'Straight',
      'turn-left': 'Turned left',
      'turn-right': 'Turned right',
      red: 'Screen red',
      green: 'Screen green',
      blue: 'Screen blue',
    },
  },
  document: {
    title: 'Document',
    none: 'The gate has no document data for this traveller.',
    number: 'Document number',
    type: 'Type',
    issuingState: 'Issuing state',
    nationality: 'Nationality',
    birthDate: 'Date of birth',
    sex: 'Sex',
    expiryDate: 'Date of expiry',
    expired: 'expired',
    unknown: 'Unknown',
    sexes: { M: 'Male', F: 'Female', X: 'Unspecified' },
    lines: 'Machine readable zone',
  },
  decision: {
    title: 'Your decision',
    quick: 'reason (required)',
    choices: [
      'Identity confirmed by eye',
      'Document examined by hand',
      'Alert checked: not the same person',
      'Alert checked: to be clarified',
      'Document in doubt',
      'Identity in doubt',
      'Check carried out by hand',
    ],
    more: 'In your own words',
    admit: 'Open the gate',
    secondLine: 'Second line',
    missing: 'Please give a reason of at least three characters first.',
    failed: 'The decision did not reach the gate. The gate stays closed. Please try again.',
    sending: 'Sending the decision',
  },
  gate: {
    title: 'State of the gate',
    door: { closed: 'Closed', open: 'Open', unknown: 'Not known', released: 'Emergency release' },
    doorLabel: 'Gate',
    stageLabel: 'Traveller',
    stages: {
      attract: 'Nobody at the gate',
      language: 'Choosing a language',
      document: 'Document',
      face: 'Face',
      challenge: 'Following prompts',
      finger: 'Finger',
      checking: 'Checking',
      passed: 'Going through',
      referred: 'Referred to you',
      unavailable: 'Out of service',
    },
    uplinkLabel: 'Uplink',
    uplink: { online: 'Online', offline: 'Offline' },
    queuedLabel: 'Records waiting',
    listLabel: 'Watchlist',
    list: {
      'in-use': 'In use',
      none: 'None',
      unconfirmed: 'Shut',
      early: 'Shut',
      loading: 'Loading',
    },
  },
  degraded: {
    title: 'Every traveller is sent to you: the local watchlist cannot be searched',
    why: {
      none: 'There is no list, or its 48 hours are over. The gate fetches the next one as soon as it can.',
      unconfirmed: 'The machine was off, and the centre has not confirmed the time yet. The list opens when it has.',
      early: 'The list was made later than the time that the centre tells. A technician has to look into it.',
      loading: 'The list is being loaded. This is over by itself.',
    },
  },
  away: {
    title: 'Connecting to the gate',
    text: 'Until the connection is back the gate stays closed. Please check travellers by hand.',
  },
};
