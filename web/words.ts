// What does the console say? English and French side by side: a missing translation does not compile.

const en = {
  overview: 'Overview', records: 'Records', problems: 'Problems', flows: 'Flows', connections: 'Connections', importOrders: 'Import', signOut: 'Sign out',
  waiting: 'Waiting', moving: 'Moving', done: 'Done', parked: 'Parked', skipped: 'Skipped', today: 'today', all: 'all',
  saleToErp: 'Sale to NetSuite', median: 'median', atRisk: 'Shipments at risk', atRiskHint: 'to ship within 24 hours', causes: 'Parked by cause', health: 'Connections', ordersPerHour: 'Orders per hour', nothingParked: 'Nothing waits for you.',
  demo: 'This is the demo shop: a simulated Amazon and a simulated NetSuite, talking over real HTTP. Orders arrive every few seconds; open one to see every step.',
  search: 'Search by any id', state: 'State', order: 'Order', total: 'Total', document: 'Document', updated: 'Updated', reason: 'Reason', more: 'Show more', none: 'Nothing here.', retry: 'Retry', skip: 'Skip', retryAll: 'Retry all', why: 'Why?',
  received: 'Received', understood: 'Understood', decided: 'Decided', mapped: 'Mapped', sent: 'Sent', confirmed: 'Confirmed',
  timeline: 'Timeline', amounts: 'Amounts', documents: 'Documents', exchanges: 'Requests and answers', plan: 'What would be sent', origin: 'Where it comes from', value: 'Value', field: 'Field', related: 'Related', copy: 'Copy', copied: 'Copied', marketplaceTotal: 'Marketplace total', marketplaceTax: 'Tax the marketplace keeps', documentSum: 'Sum of the document', difference: 'Difference',
  nextSteps: 'What to do', addAlias: 'Item in NetSuite for this SKU', save: 'Save and retry', ignore: 'Ignore', resolve: 'Done', seen: 'Records', openProblems: 'Open', ignored: 'Ignored', resolved: 'Resolved', units: 'Units',
  pause: 'Pause', resume: 'Resume', run: 'Run now', lastRun: 'Last run', nextRun: 'Next', task: 'Task', test: 'Test connection', works: 'The connection works.', active: 'active', paused: 'paused', broken: 'broken',
  paste: 'Paste an order document (JSON) or drop a file', preview: 'Preview', importNow: 'Import', email: 'E-mail', password: 'Password', name: 'Name', signIn: 'Sign in', makeOwner: 'Make the owner’s account', setupHint: 'This account may do everything. The password needs at least 12 characters.', noLink: 'Open the link that Crossdock printed when it started: it makes the owner’s account.',
  failed: 'This did not work', reload: 'Try again', loading: 'Loading', theme: 'Light or dark', language: 'Français', skipToContent: 'Skip to content', notes: 'Notes', addNote: 'Add a note', queued: 'queued', running: 'running', verifying: 'looking it up', pending: 'waiting for proof',
};
export type Word = keyof typeof en;

const fr: Readonly<Record<Word, string>> = {
  overview: 'Vue d’ensemble', records: 'Enregistrements', problems: 'Problèmes', flows: 'Flux', connections: 'Connexions', importOrders: 'Importer', signOut: 'Se déconnecter',
  waiting: 'En attente', moving: 'En cours', done: 'Terminés', parked: 'Bloqués', skipped: 'Ignorés', today: 'aujourd’hui', all: 'tous',
  saleToErp: 'De la vente à NetSuite', median: 'médiane', atRisk: 'Expéditions à risque', atRiskHint: 'à expédier sous 24 heures', causes: 'Bloqués par cause', health: 'Connexions', ordersPerHour: 'Commandes par heure', nothingParked: 'Rien ne vous attend.',
  demo: 'Ceci est la boutique de démonstration : un Amazon et un NetSuite simulés qui dialoguent en HTTP réel. Des commandes arrivent toutes les quelques secondes ; ouvrez-en une pour voir chaque étape.',
  search: 'Chercher par n’importe quel identifiant', state: 'État', order: 'Commande', total: 'Total', document: 'Document', updated: 'Mis à jour', reason: 'Raison', more: 'Afficher plus', none: 'Rien ici.', retry: 'Réessayer', skip: 'Ignorer', retryAll: 'Tout réessayer', why: 'Pourquoi ?',
  received: 'Reçue', understood: 'Comprise', decided: 'Décidée', mapped: 'Traduite', sent: 'Envoyée', confirmed: 'Confirmée',
  timeline: 'Chronologie', amounts: 'Montants', documents: 'Documents', exchanges: 'Requêtes et réponses', plan: 'Ce qui serait envoyé', origin: 'D’où cela vient', value: 'Valeur', field: 'Champ', related: 'Liés', copy: 'Copier', copied: 'Copié', marketplaceTotal: 'Total de la place de marché', marketplaceTax: 'Taxe gardée par la place de marché', documentSum: 'Somme du document', difference: 'Différence',
  nextSteps: 'Que faire', addAlias: 'Article NetSuite pour ce SKU', save: 'Enregistrer et réessayer', ignore: 'Ignorer', resolve: 'Fait', seen: 'Enregistrements', openProblems: 'Ouverts', ignored: 'Ignorés', resolved: 'Résolus', units: 'Unités',
  pause: 'Suspendre', resume: 'Reprendre', run: 'Lancer', lastRun: 'Dernier passage', nextRun: 'Prochain', task: 'Tâche', test: 'Tester la connexion', works: 'La connexion fonctionne.', active: 'active', paused: 'suspendue', broken: 'en panne',
  paste: 'Collez un document de commande (JSON) ou déposez un fichier', preview: 'Aperçu', importNow: 'Importer', email: 'Adresse e-mail', password: 'Mot de passe', name: 'Nom', signIn: 'Se connecter', makeOwner: 'Créer le compte du propriétaire', setupHint: 'Ce compte peut tout faire. Le mot de passe compte au moins 12 caractères.', noLink: 'Ouvrez le lien que Crossdock a affiché à son démarrage : il crée le compte du propriétaire.',
  failed: 'Cela n’a pas fonctionné', reload: 'Réessayer', loading: 'Chargement', theme: 'Clair ou sombre', language: 'English', skipToContent: 'Aller au contenu', notes: 'Notes', addNote: 'Ajouter une note', queued: 'en file', running: 'en cours', verifying: 'en vérification', pending: 'en attente de preuve',
};

export type Locale = 'en' | 'fr';
const catalogue: Readonly<Record<Locale, Readonly<Record<Word, string>>>> = { en, fr };
const kept = localStorage.getItem('crossdock.locale');
export const locale: Locale = kept === 'fr' || kept === 'en' ? kept : navigator.language.startsWith('fr') ? 'fr' : 'en';
document.documentElement.lang = locale;

export const t = (word: Word): string => catalogue[locale][word];
export const has = (word: string): word is Word => word in en;
/** A word of the server's vocabulary in the reader's language, else as it came. */
export const tState = (state: string): string => (has(state) ? t(state) : state);

export function switchLocale(): void {
  localStorage.setItem('crossdock.locale', locale === 'en' ? 'fr' : 'en');
  location.reload();
}

const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });
export const moment = (iso: unknown): string => (typeof iso === 'string' ? moments.format(new Date(iso)) : '–');
export const count = (value: unknown): string => new Intl.NumberFormat(locale).format(Number(value ?? 0));

/** Decimal text with the currency, without passing through a float: Intl formats decimal strings exactly. */
export function money(amount: string | undefined, currency: string | undefined): string {
  if (amount === undefined || !currency) return '–';
  return new Intl.NumberFormat(locale, { style: 'currency', currency, minimumFractionDigits: amount.split('.')[1]?.length ?? 0 }).format(amount as unknown as number);
}

/** Minor units as decimal text, by the digits the currency has. */
export function minorText(minor: unknown, currency: string | undefined): string | undefined {
  if (minor === null || minor === undefined || !currency) return undefined;
  const digits = new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const text = String(minor).replace('-', '').padStart(digits + 1, '0');
  const sign = String(minor).startsWith('-') ? '-' : '';
  return digits === 0 ? sign + text : `${sign}${text.slice(0, -digits)}.${text.slice(-digits)}`;
}
