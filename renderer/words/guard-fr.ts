import type { GuardWords } from './guard.ts';

/** The guard's window in French. */
export const guardFr: GuardWords = {
  title: 'Surveillance du sas',
  queue: 'Voyageurs renvoyés',
  waiting: {
    one: '{count} voyageur en attente',
    many: '{count} de voyageurs en attente',
    other: '{count} voyageurs en attente',
  },
  fresh: 'Nouveau',
  empty: {
    title: 'Personne n’attend',
    text: 'Les voyageurs que le sas vous renvoie apparaissent ici aussitôt.',
  },
  unnamed: 'Voyageur sans document lisible',
  referred: 'Renvoyé à',
  ago: 'Attend depuis',
  evidence: 'Ce que le sas sait',
  reasonsTitle: 'Pourquoi le sas a renvoyé ce voyageur',
  noReasons: 'Le sas n’a donné aucune raison.',
  reasons: {
    'document-unreadable': {
      title: 'Le document n’a pas pu être lu',
      advice: 'Examinez le document à la main.',
    },
    'document-doubtful': {
      title: 'Le document a été lu sur une image, sans certitude',
      advice: 'Comparez lettre par lettre les champs nommés ici avec la page de données.',
    },
    'document-check-digit': {
      title: 'Une clé de contrôle du document est fausse',
      advice: 'Comparez les lignes imprimées avec la page de données ; recherchez une altération du document.',
    },
    'document-expired': {
      title: 'Le document a expiré',
      advice: 'Vérifiez la date d’expiration, et si une exemption s’applique.',
    },
    'document-state-unknown': {
      title: 'Le document nomme un État qu’aucune liste ne connaît',
      advice:
        'Comparez les champs nommés ici avec la page de données ; une autorité nouvelle ou rare n’est pas une faute du voyageur.',
    },
    'portrait-missing': {
      title: 'Aucun portrait n’a pu être tiré du document',
      advice: 'Comparez vous-même le voyageur avec le portrait du document.',
    },
    'face-not-captured': {
      title: 'Aucune image utilisable du visage n’a été prise',
      advice: 'Comparez vous-même le voyageur avec le portrait du document.',
    },
    'face-mismatch': {
      title: 'Le visage ne correspond pas au portrait',
      advice: 'Comparez vous-même les deux images ; demandez une seconde preuve d’identité.',
    },
    'challenge-not-passed': {
      title: 'Le voyageur n’a pas suivi les consignes devant la caméra',
      advice: 'Assurez-vous qu’une personne est dans le sas, sans image, écran ni masque devant le visage.',
    },
    'finger-not-captured': {
      title: 'Aucune empreinte utilisable n’a été prise',
      advice: 'Voyez si un doigt est blessé ou manque ; identifiez le voyageur par le visage et le document.',
    },
    'watchlist-document': {
      title: 'Le document est sur la liste de surveillance',
      advice: 'Consultez le signalement par sa référence avant de décider.',
    },
    'watchlist-name': {
      title: 'Le nom ressemble à un nom de la liste de surveillance',
      advice: 'Consultez le signalement par sa référence ; comparez la date de naissance et la nationalité.',
    },
    'watchlist-finger': {
      title: 'L’empreinte ressemble à une empreinte de la liste de surveillance',
      advice: 'Consultez le signalement par sa référence avant de décider.',
    },
    'watchlist-face': {
      title: 'Le visage ressemble à un visage de la liste de surveillance',
      advice: 'Consultez le signalement par sa référence ; comparez vous-même les images.',
    },
    'watchlist-unavailable': {
      title: 'La liste de surveillance n’a pas pu être consultée',
      advice: 'Recherchez le voyageur au guichet.',
    },
    'portal-hit': {
      title: 'Un système central a un signalement',
      advice:
        'Voyez sous « Systèmes centraux » ce qu’il demande, et consultez le signalement par sa référence avant de décider.',
    },
    'portal-silent-hit': {
      title: 'Un système central demande un contrôle qui ne doit pas se remarquer',
      advice:
        'Agissez comme pour tout autre renvoi. Ne dites rien du signalement, ne montrez rien, et voyez sous « Systèmes centraux » ce qu’il demande.',
    },
    'portal-finding': {
      title: 'Un système central a quelque chose à éclaircir',
      advice: 'Voyez sous « Systèmes centraux » de quoi il s’agit.',
    },
    'portal-unavailable': {
      title: 'Un système central nécessaire n’a pas répondu',
      advice: 'Interrogez-le au guichet. Son silence ne veut pas dire qu’il n’y a rien.',
    },
    'portal-partial': {
      title: 'Un système central n’a pas pu chercher partout',
      advice: 'Interrogez-le de nouveau au guichet. Ce qu’il n’a pas dit peut exister.',
    },
    'portal-late': {
      title: 'Un système central n’avait pas répondu quand le sas a décidé',
      advice: 'Sa réponse est peut-être arrivée depuis : voyez « Systèmes centraux ».',
    },
    'entered-by-hand': {
      title: 'Le passage a été noté à la main',
      advice: 'Rien ne pouvait être enregistré au sas à ce moment.',
    },
    'second-person': {
      title: 'Une seconde personne a été vue dans le sas',
      advice:
        'Demandez aux deux de reculer et contrôlez chacun à la main. Un enfant ou un accompagnant peut avoir une bonne raison.',
    },
    tailgating: {
      title: 'Quelqu’un a suivi le voyageur, ou a essayé',
      advice: 'Le sas a reçu l’ordre de se fermer. Voyez qui est passé, et contrôlez chacun à la main.',
    },
    'device-fault': {
      title: 'Un appareil du sas est en panne',
      advice: 'Faites le contrôle à la main, et prévenez le technicien.',
    },
    'record-not-stored': {
      title: 'Le passage n’a pas pu être enregistré au sas',
      advice: 'Enregistrez le passage au guichet.',
    },
    'assistance-requested': {
      title: 'Le voyageur a demandé un agent',
      advice: 'Demandez comment aider ; faites le contrôle à la main.',
    },
    interrupted: {
      title: 'Le passage a été interrompu',
      advice: 'Demandez si le voyageur a besoin d’aide ; faites le contrôle à la main.',
    },
    'time-out': {
      title: 'Le voyageur n’a pas eu assez de temps',
      advice: 'Demandez si le voyageur a besoin d’aide ; faites le contrôle à la main.',
    },
  },
  score: 'Score',
  threshold: 'Seuil',
  alert: 'Référence du signalement',
  listVersion: 'Version de la liste',
  detail: 'Détail',
  pictures: {
    title: 'Visages',
    portrait: 'Portrait du document',
    live: 'Visage pris au sas',
    alike: 'Deux personnes différentes se ressemblent autant dans une comparaison sur {rate} environ (estimation)',
    none: 'Aucune image',
  },
  challenge: {
    title: 'Consignes devant la caméra',
    passed: 'Suivies',
    notPassed: 'Non suivies',
    none: 'Aucune étape n’a été faite.',
    prompts: {
      centre: 'De face',
      'turn-left': 'Tourné à gauche',
      'turn-right': 'Tourné à droite',
      red: 'Écran rouge',
      green: 'Écran vert',
      blue: 'Écran bleu',
    },
  },
  document: {
    title: 'Titre de voyage',
    none: 'Le sas n’a aucune donnée de document pour ce voyageur.',
    number: 'Numéro du document',
    type: 'Genre',
    issuingState: 'État émetteur',
    nationality: 'Nationalité',
    birthDate: 'Date de naissance',
    sex: 'Sexe',
    expiryDate: 'Date d’expiration',
    expired: 'expiré',
    unknown: 'Inconnu',
    sexes: { M: 'Masculin', F: 'Féminin', X: 'Non précisé' },
    lines: 'Zone de lecture automatique',
  },
  decision: {
    title: 'Votre décision',
    quick: 'raison (obligatoire)',
    choices: [
      'Identité confirmée à vue',
      'Document examiné à la main',
      'Signalement vérifié : autre personne',
      'Signalement vérifié : à éclaircir',
      'Document douteux',
      'Identité douteuse',
      'Contrôle fait à la main',
    ],
    more: 'Avec vos mots',
    admit: 'Ouvrir le sas',
    secondLine: 'Deuxième ligne',
    missing: 'Donnez d’abord une raison d’au moins trois caractères.',
    failed: 'La décision n’est pas arrivée au sas. Le sas reste fermé. Veuillez réessayer.',
    sending: 'Envoi de la décision',
  },
  gate: {
    title: 'État du sas',
    door: { closed: 'Fermé', open: 'Ouvert', unknown: 'Inconnu', released: 'Ouverture d’urgence' },
    doorLabel: 'Sas',
    stageLabel: 'Voyageur',
    stages: {
      attract: 'Personne au sas',
      language: 'Choisit une langue',
      document: 'Lecture du document',
      face: 'Visage',
      challenge: 'Suit les consignes',
      finger: 'Doigt',
      checking: 'Vérification',
      passed: 'Passe',
      referred: 'Renvoyé à vous',
      unavailable: 'Hors service',
    },
    uplinkLabel: 'Liaison',
    uplink: { online: 'En ligne', offline: 'Hors ligne' },
    queuedLabel: 'Envois en attente',
    listLabel: 'Liste de surveillance',
    list: {
      'in-use': 'En service',
      none: 'Aucune',
      unconfirmed: 'Fermée',
      early: 'Fermée',
      loading: 'Chargement',
    },
  },
  degraded: {
    title: 'Toute personne vous est renvoyée : la liste de surveillance locale ne peut pas être consultée',
    why: {
      none: 'Il n’y a pas de liste, ou ses 48 heures sont écoulées. Le sas prendra la suivante dès que possible.',
      unconfirmed: 'La machine était éteinte et le centre n’a pas encore confirmé l’heure. La liste s’ouvrira alors.',
      early: 'La liste porte une heure plus tardive que celle du centre. L’équipe technique doit vérifier.',
      loading: 'La liste se charge. Cela passe tout seul.',
    },
  },
  away: {
    title: 'Connexion au sas',
    text: 'Jusqu’au retour de la connexion, le sas reste fermé. Contrôlez les voyageurs à la main.',
  },
};
