// What does the server say of Amazon, of files, and of the way there?
import type { Pair } from './index.ts';

export const channels: readonly Pair[] = [
  ['A feed could not be uploaded ({1}): {2}.', 'Un envoi n’a pas pu être déposé ({1}) : {2}.'],
  ['The list of orders', 'La liste des commandes'],
  ['The list of marketplaces', 'La liste des places de marché'],
  ['“{1}” is not an amount with {2} decimals{3}', '« {1} » n’est pas un montant à {2} décimales{3}'],
  [
    'Amazon does not accept the client id or client secret.',
    'Amazon n’accepte pas l’identifiant ou le secret du client.',
  ],
  [
    'Copy both again from the application’s LWA credentials; a rotated secret replaces the old one after seven days.',
    'Recopiez les deux depuis les identifiants LWA de l’application ; un secret renouvelé remplace l’ancien après sept jours.',
  ],
  ['Amazon does not accept the refresh token.', 'Amazon n’accepte pas le jeton d’actualisation.'],
  [
    'Authorise the application again in Seller Central and save the new refresh token.',
    'Autorisez de nouveau l’application dans Seller Central et enregistrez le nouveau jeton d’actualisation.',
  ],
  [
    'The application is not allowed to use this kind of authorisation.',
    'L’application n’a pas droit à ce type d’autorisation.',
  ],
  [
    'Check in the developer console that the application is of type SP-API and not disabled.',
    'Vérifiez dans la console de développement que l’application est du type SP-API et n’est pas désactivée.',
  ],
  ['Amazon’s token service answered {1}.', 'Le service des jetons d’Amazon a répondu {1}.'],
  ['Amazon refused a token ({1}).', 'Amazon a refusé un jeton ({1}).'],
  [
    'Check client id, client secret and refresh token.',
    'Vérifiez identifiant du client, secret du client et jeton d’actualisation.',
  ],
  ['Test the connection again.', 'Testez à nouveau la connexion.'],
  [
    'Requests are to be signed, but the AWS keys are missing.',
    'Les requêtes doivent être signées, mais les clés AWS manquent.',
  ],
  [
    'Enter the AWS access key and secret key, or switch signing off.',
    'Saisissez la clé d’accès et la clé secrète AWS, ou désactivez la signature.',
  ],
  ['The document of {1} arrived damaged.', 'Le document de {1} est arrivé endommagé.'],
  [
    'The document of {1} could not be downloaded ({2}); its link lives five minutes.',
    'Le document de {1} n’a pas pu être téléchargé ({2}) ; son lien vit cinq minutes.',
  ],
  [
    'An answer links to {1}, which is not Amazon’s; it is not followed.',
    'Une réponse renvoie à {1}, qui n’est pas à Amazon ; elle n’est pas suivie.',
  ],
  ['Check the host settings of the connection.', 'Vérifiez les adresses dans les réglages de la connexion.'],
  ['{1} do not belong to region {2}.', '{1} n’appartiennent pas à la région {2}.'],
  [
    'Choose region {1}, or make one connection per region.',
    'Choisissez la région {1}, ou faites une connexion par région.',
  ],
  [
    'The account takes part in none of the chosen marketplaces.',
    'Le compte ne participe à aucune des places de marché choisies.',
  ],
  ['Choose among: {1}.', 'Choisissez parmi : {1}.'],
  [
    'The account does not take part in {1}; no orders come from there.',
    'Le compte ne participe pas à {1} ; aucune commande n’en vient.',
  ],
  [
    'Buyer data is switched off: merchant orders arrive without a street address.',
    'Les données des acheteurs sont désactivées : les commandes du marchand arrivent sans adresse.',
  ],
  [
    'Amazon leaves the street address out: the application lacks the role Direct-to-Consumer Delivery (Restricted). Merchant orders cannot be shipped without it.',
    'Amazon omet l’adresse : l’application n’a pas le rôle Direct-to-Consumer Delivery (Restricted). Sans lui, les commandes du marchand ne peuvent pas être expédiées.',
  ],
  [
    'Amazon asks to wait before reading or writing {1} again.',
    'Amazon demande d’attendre avant de relire ou d’écrire {1}.',
  ],
  ['Amazon denies access to {1}{2}.', 'Amazon refuse l’accès à {1}{2}.'],
  [
    'Check in Seller Central → Partner network → Develop apps that the application has the roles it needs (orders: Inventory and Order Tracking; addresses: Direct-to-Consumer Delivery).',
    'Vérifiez dans Seller Central → Réseau de partenaires → Développer des applications que l’application a les rôles voulus (commandes : Inventory and Order Tracking ; adresses : Direct-to-Consumer Delivery).',
  ],
  [
    'If the authorisation was withdrawn or is older than a year, authorise again and save the new refresh token.',
    'Si l’autorisation a été retirée ou a plus d’un an, autorisez de nouveau et enregistrez le nouveau jeton d’actualisation.',
  ],
  [
    'Amazon answered {1} to {2}; it may have taken effect.',
    'Amazon a répondu {1} à {2} ; cela a pu prendre effet.',
  ],
  ['Amazon answered {1} to {2}.', 'Amazon a répondu {1} à {2}.'],
  ['Amazon no longer continues the list of {1}: {2}', 'Amazon ne poursuit plus la liste de {1} : {2}'],
  ['Amazon refused to answer about {1}{2}.', 'Amazon a refusé de répondre au sujet de {1}{2}.'],
  ['Amazon refused {1}{2}.', 'Amazon a refusé {1}{2}.'],
  ['Then retry the record.', 'Puis réessayez l’enregistrement.'],
  [
    'Look at the order in Seller Central: it may be confirmed already under another package.',
    'Regardez la commande dans Seller Central : elle est peut-être déjà confirmée sous un autre colis.',
  ],
  [
    'Correct the ship date of the fulfilment in NetSuite: not before the purchase and not in the future.',
    'Corrigez la date d’expédition dans NetSuite : ni avant l’achat ni dans l’avenir.',
  ],
  [
    'Map the ship method to a carrier Amazon knows under Lookups → carrier.',
    'Associez le mode d’expédition à un transporteur connu d’Amazon sous Tables → carrier.',
  ],
  [
    'Correct the tracking number on the fulfilment in NetSuite.',
    'Corrigez le numéro de suivi de l’expédition dans NetSuite.',
  ],
  [
    'Compare the quantities of the fulfilment with those of the order.',
    'Comparez les quantités de l’expédition avec celles de la commande.',
  ],
  [
    'Open the request on this page and compare it with the order in Seller Central.',
    'Ouvrez la requête sur cette page et comparez-la avec la commande dans Seller Central.',
  ],
  ['The file is not JSON: {1}.', 'Le fichier n’est pas du JSON : {1}.'],
  [
    'Give an order document as Amazon’s Orders API returns it (JSON).',
    'Donnez un document de commande tel que l’API Orders d’Amazon le renvoie (JSON).',
  ],
  ['The file holds no order document.', 'Le fichier ne contient aucune commande.'],
  [
    'Give one order, a list of orders, or the answer of searchOrders or getOrder.',
    'Donnez une commande, une liste de commandes, ou la réponse de searchOrders ou getOrder.',
  ],
  [
    'The report names the sales channel “{1}”, which is not a known marketplace.',
    'Le rapport nomme le canal « {1} », qui n’est pas une place de marché connue.',
  ],
  [
    'Fetch order {1} by its id, so that Amazon names its marketplace.',
    'Récupérez la commande {1} par son numéro, pour qu’Amazon nomme sa place de marché.',
  ],
  [
    'Order {1} comes from the old Orders API without the {2}.',
    'La commande {1} vient de l’ancienne API Orders sans : {2}.',
  ],
  [
    'Put the order and its OrderItems into one document and import it again.',
    'Réunissez la commande et ses OrderItems dans un document et importez-le à nouveau.',
  ],
  ['Or fetch order {1} by its id.', 'Ou récupérez la commande {1} par son numéro.'],
  [
    'The queue of notices cannot be read ({1}); orders are still found by searching.',
    'La file des avis est illisible ({1}) ; les commandes sont tout de même trouvées par la recherche.',
  ],
  [
    'Check the queue’s URL, region and the AWS keys; the key needs sqs:ReceiveMessage and sqs:DeleteMessage.',
    'Vérifiez l’adresse de la file, la région et les clés AWS ; la clé a besoin de sqs:ReceiveMessage et sqs:DeleteMessage.',
  ],
  [
    'The return of order {1} has {2}, which cannot be read.',
    'Le retour de la commande {1} contient {2}, qui est illisible.',
  ],
  [
    'Download the returns report in Seller Central and look at the row of this order.',
    'Téléchargez le rapport des retours dans Seller Central et regardez la ligne de cette commande.',
  ],
  ['Choose at least one marketplace.', 'Choisissez au moins une place de marché.'],
  [
    'Download the report from Amazon again; do not save it with a spreadsheet or editor in between.',
    'Téléchargez à nouveau le rapport chez Amazon ; ne l’enregistrez pas avec un tableur ou un éditeur.',
  ],
  ['Line {1}: {2}.', 'Ligne {1} : {2}.'],
  [
    'The {1} rows of settlement {2} add up to {3} and its head says {4} (smallest units of {5}): {6} are missing. The file is cut off or was changed.',
    'Les {1} lignes du règlement {2} font {3} et son en-tête dit {4} (en plus petites unités de {5}) : il manque {6}. Le fichier est tronqué ou a été modifié.',
  ],
  [
    'If it is the same again, ask Amazon for the report; it will not be posted as it is.',
    'Si le résultat est le même, demandez le rapport à Amazon ; il ne sera pas comptabilisé tel quel.',
  ],
  ['Line 1: {1}{2}.', 'Ligne 1 : {1}{2}.'],
  [
    'Upload the settlement report “Flat File V2” as Amazon gives it (tab separated, .txt).',
    'Déposez le rapport de règlement « Flat File V2 » tel qu’Amazon le donne (séparé par tabulations, .txt).',
  ],
  ['Line 2: “{1}” is not a date that is known.', 'Ligne 2 : « {1} » n’est pas une date connue.'],
  [
    'Download the report again; do not save it with a spreadsheet in between.',
    'Téléchargez à nouveau le rapport ; ne l’enregistrez pas avec un tableur.',
  ],
  [
    'Line 2: the settlement has no start and no end date.',
    'Ligne 2 : le règlement n’a ni date de début ni date de fin.',
  ],
  [
    'Download the report again: its second line must carry dates, total and currency.',
    'Téléchargez à nouveau le rapport : sa deuxième ligne porte les dates, le total et la devise.',
  ],
  [
    'Line 2: it cannot be told whether the dates ({1}) put the day or the month first.',
    'Ligne 2 : on ne peut savoir si les dates ({1}) commencent par le jour ou par le mois.',
  ],
  [
    'Download the report from Amazon again; its own files write the year first or use points.',
    'Téléchargez à nouveau le rapport chez Amazon ; ses propres fichiers commencent par l’année ou utilisent des points.',
  ],
  ['The settlement report arrived damaged.', 'Le rapport de règlement est arrivé endommagé.'],
  [
    'A package needs a positive whole number as its reference.',
    'Un colis a besoin d’un nombre entier positif comme référence.',
  ],
  ['Retry the record.', 'Réessayez l’enregistrement.'],
  ['A package needs a tracking number.', 'Un colis a besoin d’un numéro de suivi.'],
  ['Enter it on the fulfilment in the ERP.', 'Saisissez-le sur l’expédition dans l’ERP.'],
  ['A package needs at least one order item.', 'Un colis contient au moins un article de la commande.'],
  ['Check the fulfilment in the ERP.', 'Vérifiez l’expédition dans l’ERP.'],
  ['The carrier “Other” needs a name.', 'Le transporteur « Autre » a besoin d’un nom.'],
  ['Map the ship method under Lookups → carrier.', 'Associez le mode d’expédition sous Tables → carrier.'],
  ['Amazon has no listing {1}.', 'Amazon n’a pas d’offre {1}.'],
  [
    'Look for the SKU in Seller Central → Manage inventory; it may have been deleted.',
    'Cherchez le SKU dans Seller Central → Gérer le stock ; il a peut-être été supprimé.',
  ],
  ['Amazon refused the quantity of {1}: {2}.', 'Amazon a refusé la quantité de {1} : {2}.'],
  [
    'Correct the listing in Seller Central, then send the figure again.',
    'Corrigez l’offre dans Seller Central, puis envoyez à nouveau le chiffre.',
  ],
  ['{1} is not a quantity that {2} can show.', '{1} n’est pas une quantité que {2} peut afficher.'],
  [
    'Report this: quantities are whole and not negative.',
    'Signalez-le : les quantités sont entières et non négatives.',
  ],
  ['Amazon ended the listings feed {1} as {2}.', 'Amazon a terminé le flux d’offres {1} avec {2}.'],
  ['{1} cannot be read: {2} {3}.', '{1} : lecture impossible, {2} {3}.'],
  [
    'Look at the document under Documents; fetch it again, or import a corrected one from a file.',
    'Regardez le document sous Documents ; récupérez-le à nouveau, ou importez-en un corrigé d’un fichier.',
  ],
  ['Crossdock met something it did not expect: {1}', 'Crossdock a rencontré un imprévu : {1}'],
  [
    'Retry the record; if it happens again, report it with the record’s page.',
    'Réessayez l’enregistrement ; si cela se reproduit, signalez-le avec sa page.',
  ],
  ['“{1}” {2} is not an amount that can be read.', '« {1} » {2} n’est pas un montant lisible.'],
  [
    'Check the document under Documents; amounts are decimal numbers with a point.',
    'Vérifiez le document sous Documents ; les montants sont des nombres décimaux avec un point.',
  ],
  [
    'The amount {1} has more decimals than {2} has ({3}).',
    'Le montant {1} a plus de décimales que {2} n’en a ({3}).',
  ],
  [
    'Correct the amount at its source, or import the corrected document from a file.',
    'Corrigez le montant à sa source, ou importez le document corrigé d’un fichier.',
  ],
  [
    'The quota for {1} is spent; the next call is possible in {2} s.',
    'Le quota de {1} est épuisé ; le prochain appel est possible dans {2} s.',
  ],
  [
    'This is a ZIP archive or a spreadsheet, not a text file.',
    'C’est une archive ZIP ou un classeur, pas un fichier texte.',
  ],
  [
    'Unpack it, or download the report again as a flat file (.txt), and upload that.',
    'Décompressez-le, ou téléchargez à nouveau le rapport en fichier texte (.txt) et déposez-le.',
  ],
  [
    'The file is gzip, but it cannot be unpacked to its end: it is damaged or was cut off.',
    'Le fichier est du gzip mais ne se décompresse pas jusqu’au bout : il est endommagé ou tronqué.',
  ],
  ['Download the report again.', 'Téléchargez à nouveau le rapport.'],
  [
    'This is not a text file: it has bytes that no text has.',
    'Ce n’est pas un fichier texte : il contient des octets qu’aucun texte n’a.',
  ],
  [
    'Upload the report as Amazon gives it (.txt, tab separated).',
    'Déposez le rapport tel qu’Amazon le donne (.txt, séparé par tabulations).',
  ],
  [
    'The file begins as UTF-8 and has bytes further on that are not UTF-8.',
    'Le fichier commence en UTF-8 et contient plus loin des octets qui n’en sont pas.',
  ],
  [
    'Download the report again; do not save it with an editor in between.',
    'Téléchargez à nouveau le rapport ; ne l’enregistrez pas avec un éditeur.',
  ],
  ['The answer was not readable JSON.', 'La réponse n’était pas du JSON lisible.'],
  ['The answer is larger than the {1} bytes allowed here.', 'La réponse dépasse les {1} octets permis ici.'],
  ['{1} cannot be reached ({2}).', '{1} est injoignable ({2}).'],
  [
    'Check the network and the host name of the connection if it lasts.',
    'Vérifiez le réseau et l’adresse de la connexion si cela dure.',
  ],
  [
    'The connection to {1} broke before the answer was complete.',
    'La connexion à {1} s’est rompue avant la fin de la réponse.',
  ],
  [
    '{1} What was sent may have taken effect; it is looked up before anything is sent again.',
    '{1} Ce qui a été envoyé a pu prendre effet ; c’est vérifié avant tout nouvel envoi.',
  ],
];
