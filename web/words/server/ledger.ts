// What does the server say of settlements and their postings?
import type { Pair } from './index.ts';

export const ledger: readonly Pair[] = [
  [
    'The fees of order {1} ({2}) are more than one of its invoices holds.',
    'Les frais de la commande {1} ({2}) dépassent ce qu’une de ses factures contient.',
  ],
  [
    'Order {1} is in the books and not billed; {2} arrived.',
    'La commande {1} est dans les livres et n’est pas facturée ; {2} est arrivé.',
  ],
  [
    'The invoice of order {1} is paid already, and {2} arrived.',
    'La facture de la commande {1} est déjà payée, et {2} est arrivé.',
  ],
  [
    '{1} arrived for order {2}, and its invoices have {3} open.',
    '{1} est arrivé pour la commande {2}, et ses factures ont {3} d’ouvert.',
  ],
  [
    'The cash sale of order {1} was booked to an account that is neither clearing nor undeposited funds.',
    'La vente au comptant de la commande {1} a été passée sur un compte qui n’est ni d’attente ni de fonds à déposer.',
  ],
  [
    'The cash sale of order {1} is {2}, and {3} arrived for it.',
    'La vente au comptant de la commande {1} est de {2}, et {3} est arrivé pour elle.',
  ],
  [
    'The money for order {1} arrives in {2} parts, and its cash sale can only be deposited whole.',
    'L’argent de la commande {1} arrive en {2} parties, et sa vente au comptant ne peut être déposée qu’entière.',
  ],
  [
    'The cash sale of order {1} came after the settlement’s deposit; it still lies in undeposited funds.',
    'La vente au comptant de la commande {1} est venue après le dépôt du règlement ; elle est encore dans les fonds à déposer.',
  ],
  [
    'Order {1} is refunded and neither shipped nor billed in the books.',
    'La commande {1} est remboursée et n’est ni expédiée ni facturée dans les livres.',
  ],
  [
    'Open order {1} in the books and compare it with the settlement’s rows.',
    'Ouvrez la commande {1} dans les livres et comparez-la avec les lignes du règlement.',
  ],
  [
    'Correct it there and plan the settlement again; nothing was booked for this order.',
    'Corrigez-la là-bas et planifiez à nouveau le règlement ; rien n’a été passé pour cette commande.',
  ],
  [
    'Order {1} was fetched and is not in the books.',
    'La commande {1} a été récupérée et n’est pas dans les livres.',
  ],
  [
    'Open the order under Records and cure what holds it; this posting then goes on by itself.',
    'Ouvrez la commande sous Enregistrements et levez ce qui la retient ; cette écriture repart alors d’elle-même.',
  ],
  [
    'Or choose “suspense” for missing orders in the settlement settings.',
    'Ou choisissez « attente » pour les commandes manquantes dans les réglages des règlements.',
  ],
  [
    'Order {1} is not in the books yet; it is being fetched from Amazon.',
    'La commande {1} n’est pas encore dans les livres ; elle est en cours de lecture chez Amazon.',
  ],
  [
    'Nothing is needed: the posting goes on when the order has arrived.',
    'Rien à faire : l’écriture repart quand la commande est arrivée.',
  ],
  [
    '“{1}” is not mapped: {2} rows, {3} {4} in all, first in row {5}.',
    '« {1} » n’a pas de compte : {2} lignes, {3} {4} en tout, d’abord à la ligne {5}.',
  ],
  [
    'Map it in the fee mapping; it is most like “{1}” ({2}).',
    'Associez-le dans la table des frais ; il ressemble surtout à « {1} » ({2}).',
  ],
  ['Map it in the fee mapping.', 'Associez-le dans la table des frais.'],
  [
    'Or choose “suspense” for unknown words in the settlement settings.',
    'Ou choisissez « attente » pour les termes inconnus dans les réglages des règlements.',
  ],
  [
    'Tax of order {1} ({2}) does not wash out: {3} {4} is left of what Amazon charged and kept.',
    'La taxe de la commande {1} ({2}) ne s’annule pas : il reste {3} {4} de ce qu’Amazon a prélevé et gardé.',
  ],
  [
    'Compare the order’s tax rows with Amazon’s transaction view.',
    'Comparez les lignes de taxe de la commande avec la vue des transactions d’Amazon.',
  ],
  [
    'If the seller owes this tax, map its words to “Tax charged to the seller” for this marketplace.',
    'Si le vendeur doit cette taxe, associez ses termes à « Taxe à la charge du vendeur » pour cette place de marché.',
  ],
  ['No account is chosen for: {1}.', 'Aucun compte n’est choisi pour : {1}.'],
  [
    'Choose the accounts in the settlement settings; the list comes from the connected books.',
    'Choisissez les comptes dans les réglages des règlements ; la liste vient des livres connectés.',
  ],
  ['No item is chosen for: {1}.', 'Aucun article n’est choisi pour : {1}.'],
  [
    'Choose an item (other charge) for each in the settlement settings.',
    'Choisissez un article (autres frais) pour chacun dans les réglages des règlements.',
  ],
  [
    'No customer is chosen for amounts that belong to no order.',
    'Aucun client n’est choisi pour les montants sans commande.',
  ],
  [
    'Choose the settlement customer in the settlement settings.',
    'Choisissez le client des règlements dans les réglages des règlements.',
  ],
];
