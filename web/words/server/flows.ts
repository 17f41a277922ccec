// What does the server say of orders, shipments, cancellations and stock: why something waits or was left out, where a
// value comes from, what a person should do?
import type { Pair } from './index.ts';

export const flows: readonly Pair[] = [
  // Flows and their tasks.
  ['Import orders', 'Importer les commandes'],
  ['Confirm shipments', 'Confirmer les expéditions'],
  ['Tell cancellations', 'Annoncer les annulations'],
  ['Send stock', 'Envoyer le stock'],
  ['Look for orders cancelled in the ERP', 'Chercher les commandes annulées dans l’ERP'],
  ['Look for shipped fulfilments', 'Chercher les expéditions faites'],
  ['Look for orders that must ship soon', 'Chercher les commandes à expédier bientôt'],
  ['Search changed orders', 'Chercher les commandes modifiées'],
  ['Read notices', 'Lire les avis'],
  ['Search the last 48 hours again', 'Relire les dernières 48 heures'],
  ['Search the last 30 days again', 'Relire les 30 derniers jours'],
  [
    'Count orders against the marketplace’s report',
    'Compter les commandes selon le rapport de la place de marché',
  ],
  ['Look for documents deleted in the ERP', 'Chercher les documents supprimés dans l’ERP'],
  ['Compare totals with the ERP', 'Comparer les totaux avec l’ERP'],
  ['Bill fulfilled orders', 'Facturer les commandes expédiées'],
  ['Read the listings', 'Lire les offres'],
  ['Read all stock', 'Lire tout le stock'],
  ['Read changed stock', 'Lire le stock modifié'],
  ['Send quantities', 'Envoyer les quantités'],
  // Why something waits, is left out or is done.
  ['The order is not one of this account.', 'La commande n’est pas de ce compte.'],
  ['The marketplace shows the order as cancelled.', 'La place de marché montre la commande comme annulée.'],
  [
    'The marketplace ships this order; it cannot be cancelled from here.',
    'La place de marché expédie cette commande ; elle ne peut pas être annulée d’ici.',
  ],
  [
    'Closed after something was shipped; nothing is told to the marketplace.',
    'Close après une expédition ; rien n’est annoncé à la place de marché.',
  ],
  ['The marketplace has accepted the cancellation.', 'La place de marché a accepté l’annulation.'],
  [
    'Told to the marketplace; waiting for its report.',
    'Annoncée à la place de marché ; son rapport est attendu.',
  ],
  ['The marketplace is still working on it.', 'La place de marché y travaille encore.'],
  [
    'The order is not known here yet; it is being read.',
    'La commande n’est pas encore connue ici ; elle est en cours de lecture.',
  ],
  [
    'Booked from the marketplace’s own parcel; it knows it already.',
    'Comptabilisée d’après le colis de la place de marché ; elle le connaît déjà.',
  ],
  [
    'The marketplace’s own carrier took it with the marketplace’s label.',
    'Le transporteur de la place de marché l’a prise avec l’étiquette de celle-ci.',
  ],
  ['The marketplace shipped it itself.', 'La place de marché l’a expédiée elle-même.'],
  [
    'Seller Fulfilled Prime: the marketplace has the tracking from its own labels.',
    'Seller Fulfilled Prime : la place de marché a le suivi par ses propres étiquettes.',
  ],
  [
    'No tracking number yet; the fulfilment is read again when it changes.',
    'Pas encore de numéro de suivi ; l’expédition est relue quand elle change.',
  ],
  [
    '{1} package(s) confirmed; the marketplace’s order shows them.',
    '{1} colis confirmé(s) ; la commande de la place de marché les montre.',
  ],
  [
    'Sent and accepted; waiting until the marketplace’s order shows it.',
    'Envoyé et accepté ; attend que la commande de la place de marché le montre.',
  ],
  [
    'Units moved between packages; the marketplace must show the first before the next is told.',
    'Des unités ont changé de colis ; la place de marché doit montrer le premier avant l’annonce du suivant.',
  ],
  ['Another worker has taken over.', 'Un autre processus a pris le relais.'],
  [
    'The answer was lost; the marketplace’s order is read before anything is sent again.',
    'La réponse s’est perdue ; la commande de la place de marché est lue avant tout nouvel envoi.',
  ],
  ['A wish of the buyer was noted.', 'Un souhait de l’acheteur a été noté.'],
  [
    'Changed at the marketplace; left to a person.',
    'Modifiée sur la place de marché ; laissée à une personne.',
  ],
  ['Completed with what the report lacked.', 'Complétée par ce qui manquait au rapport.'],
  ['{1} cancelled line(s) closed.', '{1} ligne(s) annulée(s) close(s).'],
  ['Address updated.', 'Adresse mise à jour.'],
  ['Lines updated: {1}.', 'Lignes mises à jour : {1}.'],
  [
    'Cancelled at the marketplace; the ERP has no such document.',
    'Annulée sur la place de marché ; l’ERP n’a pas ce document.',
  ],
  [
    'Cancelled at the marketplace; the document was closed already and is now marked.',
    'Annulée sur la place de marché ; le document était déjà clos et est maintenant marqué.',
  ],
  [
    'Cancelled at the marketplace; every line was closed.',
    'Annulée sur la place de marché ; chaque ligne a été close.',
  ],
  ['{1} shipment(s) of the marketplace booked.', '{1} expédition(s) de la place de marché comptabilisée(s).'],
  [
    'Sold on another channel and only shipped by the marketplace; imported from where it was sold.',
    'Vendue sur un autre canal et seulement expédiée par la place de marché ; importée de là où elle a été vendue.',
  ],
  [
    'The marketplace {1} is not switched on in this flow.',
    'La place de marché {1} n’est pas activée dans ce flux.',
  ],
  ['Placed before the go-live date of this flow.', 'Passée avant la date de mise en service de ce flux.'],
  [
    'Replacement orders are switched off in this flow.',
    'Les commandes de remplacement sont désactivées dans ce flux.',
  ],
  [
    'Still pending at the marketplace; it is imported as soon as it is released.',
    'Encore en attente sur la place de marché ; elle est importée dès sa libération.',
  ],
  [
    'Cancelled at the marketplace before it was imported.',
    'Annulée sur la place de marché avant son import.',
  ],
  ['The marketplace cannot fulfil it.', 'La place de marché ne peut pas la servir.'],
  [
    'The marketplace has not shipped it yet; it is imported once shipped.',
    'La place de marché ne l’a pas encore expédiée ; elle est importée une fois expédiée.',
  ],
  [
    'The marketplace has shipped only a part; it is imported once all is shipped.',
    'La place de marché n’en a expédié qu’une partie ; elle est importée une fois tout expédié.',
  ],
  [
    'Already shipped when first seen; importing such orders is switched off in this flow.',
    'Déjà expédiée à la première lecture ; l’import de telles commandes est désactivé dans ce flux.',
  ],
  [
    'Found in the ERP under its external id and adopted.',
    'Trouvée dans l’ERP sous son identifiant externe et reprise.',
  ],
  [
    'The report does not say who remits the tax; the order itself is being read.',
    'Le rapport ne dit pas qui reverse la taxe ; la commande elle-même est en cours de lecture.',
  ],
  [
    'Already in the ERP under its external id; adopted.',
    'Déjà dans l’ERP sous son identifiant externe ; reprise.',
  ],
  [
    'Already in the ERP as {1}, made by another tool or person; adopted, not doubled.',
    'Déjà dans l’ERP sous {1}, faite par un autre outil ou une personne ; reprise, pas doublée.',
  ],
  ['Nothing that concerns the ERP has changed.', 'Rien de ce qui concerne l’ERP n’a changé.'],
  // Problems.
  [
    'Order {1} was cancelled in the ERP; the marketplace wants a reason.',
    'La commande {1} a été annulée dans l’ERP ; la place de marché demande un motif.',
  ],
  [
    'Add a row for “{1}” under Lookups → cancel-reason with one of: {2}.',
    'Ajoutez une ligne pour « {1} » sous Tables → cancel-reason avec l’un de : {2}.',
  ],
  [
    'Or set one reason for all under Flows → Tell cancellations.',
    'Ou fixez un motif pour toutes sous Flux → Annoncer les annulations.',
  ],
  [
    'The marketplace did not cancel order {1}: {2}.',
    'La place de marché n’a pas annulé la commande {1} : {2}.',
  ],
  [
    'Look at the order at the marketplace; it may have been shipped or cancelled already.',
    'Regardez la commande sur la place de marché ; elle est peut-être déjà expédiée ou annulée.',
  ],
  ['Retry, or skip this record with a note.', 'Réessayez, ou écartez cet enregistrement avec une note.'],
  ['The ship method “{1}” names the carrier', 'Le mode d’expédition « {1} » nomme le transporteur'],
  [
    'The ship method “{1}” has no carrier of the marketplace.',
    'Le mode d’expédition « {1} » n’a pas de transporteur de la place de marché.',
  ],
  ['Add a row for “{1}” under Lookups → carrier.', 'Ajoutez une ligne pour « {1} » sous Tables → carrier.'],
  ['No carrier is known for “{1}”', 'Aucun transporteur n’est connu pour « {1} »'],
  [
    'Fulfilment {1} belongs to order {2}, which the marketplace account does not show.',
    'L’expédition {1} appartient à la commande {2}, que le compte de la place de marché ne montre pas.',
  ],
  [
    'Fetch order {1} by its id under Flows → Import orders.',
    'Récupérez la commande {1} par son numéro sous Flux → Importer les commandes.',
  ],
  [
    'If it belongs to another account, skip this record.',
    'Si elle appartient à un autre compte, écartez cet enregistrement.',
  ],
  [
    'Fulfilment {1} left in {2} packages that do not say what each holds.',
    'L’expédition {1} est partie en {2} colis qui ne disent pas ce que chacun contient.',
  ],
  [
    'Write the contents into each package’s description in the ERP, such as “SKU-1 x 2, SKU-2”; it is then sent by itself.',
    'Écrivez le contenu dans la description de chaque colis dans l’ERP, par exemple « SKU-1 x 2, SKU-2 » ; l’envoi se fait alors de lui-même.',
  ],
  [
    'Or let Crossdock spread the units over the packages (setting unknownContents).',
    'Ou laissez Crossdock répartir les unités entre les colis (réglage unknownContents).',
  ],
  [
    'Shipments by “{1}” are told to the marketplace as carrier “Other”, which hurts the valid-tracking rate.',
    'Les expéditions par « {1} » sont annoncées avec le transporteur « Autre », ce qui nuit au taux de suivi valable.',
  ],
  [
    'Add a row for “{1}” under Lookups → carrier, with the marketplace’s name of the carrier.',
    'Ajoutez une ligne pour « {1} » sous Tables → carrier, avec le nom que la place de marché donne au transporteur.',
  ],
  [
    'Order {1} was shipped although the marketplace has cancelled it.',
    'La commande {1} a été expédiée bien que la place de marché l’ait annulée.',
  ],
  [
    'Recall the parcel; the marketplace will not pay for it.',
    'Rappelez le colis ; la place de marché ne le paiera pas.',
  ],
  ['Then skip this record with a note.', 'Puis écartez cet enregistrement avec une note.'],
  [
    'Fulfilment {1} has no tracking number after {2} hours; the marketplace does not accept a confirmation without one.',
    'L’expédition {1} n’a pas de numéro de suivi après {2} heures ; la place de marché n’accepte pas de confirmation sans lui.',
  ],
  [
    'Enter the tracking number on the fulfilment in the ERP; it is then sent by itself.',
    'Saisissez le numéro de suivi sur l’expédition dans l’ERP ; l’envoi se fait alors de lui-même.',
  ],
  [
    'No line of fulfilment {1} carries an order-item id of order {2}.',
    'Aucune ligne de l’expédition {1} ne porte un identifiant d’article de la commande {2}.',
  ],
  [
    'Make sure the custom column for the order-item id is set in the NetSuite connection and filled on the order.',
    'Vérifiez que la colonne personnalisée de l’identifiant d’article est réglée dans la connexion NetSuite et remplie sur la commande.',
  ],
  [
    'Confirm this shipment at the marketplace by hand, then skip the record.',
    'Confirmez cette expédition à la main sur la place de marché, puis écartez l’enregistrement.',
  ],
  [
    'Fulfilment {1} ships order item {2}, which order {3} does not have.',
    'L’expédition {1} porte sur l’article {2}, que la commande {3} n’a pas.',
  ],
  [
    'Compare the order in the ERP with the marketplace; fetch the order again if it changed.',
    'Comparez la commande dans l’ERP avec la place de marché ; récupérez-la à nouveau si elle a changé.',
  ],
  [
    'Fulfilment {1} ships {2} of {3}, which is sold in packs of {4}.',
    'L’expédition {1} porte sur {2} de {3}, vendu par lots de {4}.',
  ],
  [
    'Ship whole packs: correct the fulfilment in the ERP; the corrected one is read again.',
    'Expédiez des lots entiers : corrigez l’expédition dans l’ERP ; elle est relue une fois corrigée.',
  ],
  [
    '{1} order(s) must ship within {2} hours and are not confirmed yet{3}. The first is {4}, due {5} UTC.',
    '{1} commande(s) à expédier sous {2} heures ne sont pas encore confirmées{3}. La première est {4}, attendue à {5} UTC.',
  ],
  [
    'Ship them first; the list of records shows them under “at risk”.',
    'Expédiez-les d’abord ; la liste des enregistrements les montre sous « à risque ».',
  ],
  [
    'Where one was shipped already, enter its fulfilment and tracking number in the ERP.',
    'Si l’une est déjà expédiée, saisissez son expédition et son numéro de suivi dans l’ERP.',
  ],
  [
    'The marketplace accepted the shipment of order {1} a day ago but its order does not show it.',
    'La place de marché a accepté l’expédition de la commande {1} il y a un jour, mais sa commande ne la montre pas.',
  ],
  [
    'Look at the order at the marketplace; confirm it there by hand if it is still open, then retry this record.',
    'Regardez la commande sur la place de marché ; confirmez-la là-bas à la main si elle est encore ouverte, puis réessayez cet enregistrement.',
  ],
  [
    'Order with Order Id# {1} has already been shipped/billed with NetSuite Internal Id# {2}, while it has been canceled in Amazon.',
    'La commande {1} est déjà expédiée ou facturée sous l’identifiant NetSuite {2}, alors qu’elle a été annulée sur Amazon.',
  ],
  [
    'A line of order {1} has already been shipped/billed with NetSuite Internal Id# {2}, while it has been canceled in Amazon.',
    'Une ligne de la commande {1} est déjà expédiée ou facturée sous l’identifiant NetSuite {2}, alors qu’elle a été annulée sur Amazon.',
  ],
  [
    'Recall the parcel or receive it as a return in the ERP, and credit the document if it is billed.',
    'Rappelez le colis ou recevez-le en retour dans l’ERP, et créditez le document s’il est facturé.',
  ],
  [
    'The marketplace changed {1} of order {2} after it was imported; the document is {3}.',
    'La place de marché a modifié {1} de la commande {2} après son import ; le document est {3}.',
  ],
  [
    'Compare the order’s page with the document in the ERP and change it there if it still matters, then resolve this task.',
    'Comparez la page de la commande avec le document dans l’ERP et modifiez-le là-bas si c’est encore utile, puis terminez cette tâche.',
  ],
  [
    'Sales order {1} of order {2} could not be billed. {3}',
    'La commande client {1} de la commande {2} n’a pas pu être facturée. {3}',
  ],
  [
    'It is tried again every few minutes; or bill it in the ERP and resolve this task.',
    'Un nouvel essai est fait toutes les quelques minutes ; ou facturez-la dans l’ERP et terminez cette tâche.',
  ],
  [
    'The marketplace shipped parcel {1} of order {2}, but its fulfilment could not be booked. {3}',
    'La place de marché a expédié le colis {1} de la commande {2}, mais son expédition n’a pas pu être comptabilisée. {3}',
  ],
  [
    'Fulfil the sales order in the ERP, then resolve this task.',
    'Expédiez la commande client dans l’ERP, puis terminez cette tâche.',
  ],
  ['The buyer of order {1} asks to cancel {2}.', 'L’acheteur de la commande {1} demande l’annulation ({2}).'],
  [
    'Stop the parcel and cancel the order in the ERP; Crossdock then tells the marketplace.',
    'Arrêtez le colis et annulez la commande dans l’ERP ; Crossdock l’annonce alors à la place de marché.',
  ],
  ['Or ship it and resolve this task.', 'Ou expédiez-la et terminez cette tâche.'],
  [
    'The ERP shows {1} {2} for {3}, but {4} was written for order {5}.',
    'L’ERP montre {1} {2} pour {3}, mais {4} a été écrit pour la commande {5}.',
  ],
  [
    'Compare the document’s lines with the order’s page: the ERP has recalculated tax or a price.',
    'Comparez les lignes du document avec la page de la commande : l’ERP a recalculé une taxe ou un prix.',
  ],
  [
    'Correct the document, and switch off what recalculates it (tax settings, price level, scripts).',
    'Corrigez le document, et désactivez ce qui le recalcule (réglages de taxe, niveau de prix, scripts).',
  ],
  [
    'The alias of SKU “{1}” leads to item “{2}”, which NetSuite does not have.',
    'L’alias du SKU « {1} » mène à l’article « {2} », que NetSuite n’a pas.',
  ],
  ['NetSuite has no item “{1}”.', 'NetSuite n’a pas d’article « {1} ».'],
  [
    'Add an alias for “{1}” under Lookups → item-alias.',
    'Ajoutez un alias pour « {1} » sous Tables → item-alias.',
  ],
  [
    'Or create the item “{1}” in NetSuite, then retry.',
    'Ou créez l’article « {1} » dans NetSuite, puis réessayez.',
  ],
  ['The item “{1}” is inactive in NetSuite.', 'L’article « {1} » est inactif dans NetSuite.'],
  ['Make “{1}” active in NetSuite, then retry.', 'Activez « {1} » dans NetSuite, puis réessayez.'],
  [
    'Or point SKU “{1}” to another item under Lookups → item-alias.',
    'Ou dirigez le SKU « {1} » vers un autre article sous Tables → item-alias.',
  ],
  [
    '“{1}” is a matrix parent and cannot be sold itself.',
    '« {1} » est un parent matriciel et ne peut pas être vendu lui-même.',
  ],
  [
    'Point SKU “{1}” to one of its variations under Lookups → item-alias.',
    'Dirigez le SKU « {1} » vers l’une de ses variantes sous Tables → item-alias.',
  ],
  ['No item is set for {1}.', 'Aucun article n’est choisi pour {1}.'],
  [
    'The item “{1}”, set for {2}, {3} in NetSuite.',
    'L’article « {1} », choisi pour {2}, manque ou est inactif dans NetSuite.',
  ],
  [
    'Choose an item for {1} under Flows → Orders → Items.',
    'Choisissez un article pour {1} sous Flux → Commandes → Articles.',
  ],
  [
    '“{1}” is lot- or serial-tracked, and the marketplace’s location holds fewer than {2} of it by number.',
    '« {1} » est suivi par lot ou par série, et l’emplacement de la place de marché en détient moins de {2} par numéro.',
  ],
  [
    'Receive “{1}” with its numbers at that location in NetSuite, then retry.',
    'Recevez « {1} » avec ses numéros à cet emplacement dans NetSuite, puis réessayez.',
  ],
  [
    'Or book such orders as sales orders (setting numbers), and choose the numbers when fulfilling.',
    'Ou passez ces commandes en commandes client (réglage numbers) et choisissez les numéros à l’expédition.',
  ],
  [
    'Tax mode C needs SuiteTax, a tax code and a tax type.',
    'Le mode de taxe C exige SuiteTax, un code et un type de taxe.',
  ],
  [
    'Choose tax code and tax type for the marketplace under Flows → Orders.',
    'Choisissez le code et le type de taxe de la place de marché sous Flux → Commandes.',
  ],
  [
    'Or choose tax mode B, which books tax as a line.',
    'Ou choisissez le mode B, qui passe la taxe en ligne.',
  ],
  [
    'The parts of order item {1} make {2} {3}, but the marketplace says {4}.',
    'Les éléments de l’article {1} font {2} {3}, mais la place de marché dit {4}.',
  ],
  [
    'Compare the parts in the document; fetch the order again if the marketplace has corrected it.',
    'Comparez les éléments dans le document ; récupérez la commande à nouveau si la place de marché l’a corrigée.',
  ],
  ['Or import a corrected document from a file.', 'Ou importez un document corrigé d’un fichier.'],
  [
    'The marketplace gives no total for this order yet, so nothing can be proved.',
    'La place de marché ne donne pas encore de total pour cette commande ; rien ne peut être prouvé.',
  ],
  [
    'Fetch the order again; totals appear once it is released.',
    'Récupérez la commande à nouveau ; les totaux apparaissent à sa libération.',
  ],
  [
    "The lines make {1} {2}, but the marketplace's total is {3}: a difference of {4}.",
    'Les lignes font {1} {2}, mais le total de la place de marché est {3} : un écart de {4}.',
  ],
  [
    "The lines make {1} {2}, but the marketplace's total{3} is {4}: a difference of {5}.",
    'Les lignes font {1} {2}, mais le total de la place de marché (moins la taxe qu’elle reverse) est {4} : un écart de {5}.',
  ],
  [
    'Look at the arithmetic on this page: one of the amounts is not where it should be.',
    'Regardez le calcul sur cette page : l’un des montants n’est pas à sa place.',
  ],
  [
    'Fetch the order again, or import a corrected document from a file.',
    'Récupérez la commande à nouveau, ou importez un document corrigé d’un fichier.',
  ],
  [
    'The {1} of order {2} (id {3}) is no longer in the ERP.',
    'Le document ({1}) de la commande {2} (identifiant {3}) n’est plus dans l’ERP.',
  ],
  [
    'Restore it in the ERP, or resolve this task if it was deleted on purpose: Crossdock does not make it again.',
    'Rétablissez-le dans l’ERP, ou terminez cette tâche s’il a été supprimé exprès : Crossdock ne le recrée pas.',
  ],
  [
    'Order {1} was found in the ERP as {2} with {3} {4}; the marketplace says {5}.',
    'La commande {1} a été trouvée dans l’ERP sous {2} avec {3} {4} ; la place de marché dit {5}.',
  ],
  [
    'Compare the two documents and correct the one in the ERP, then resolve this task.',
    'Comparez les deux documents et corrigez celui de l’ERP, puis terminez cette tâche.',
  ],
  [
    'The marketplace {1} is not set up in this flow.',
    'La place de marché {1} n’est pas réglée dans ce flux.',
  ],
  [
    'Add {1} under Flows → Orders → Marketplaces, or ignore its orders.',
    'Ajoutez {1} sous Flux → Commandes → Places de marché, ou ignorez ses commandes.',
  ],
  ['The service level {1} has no ship method.', 'Le niveau de service {1} n’a pas de mode d’expédition.'],
  [
    'Add a row for “{1}” under Lookups → ship-method.',
    'Ajoutez une ligne pour « {1} » sous Tables → ship-method.',
  ],
  [
    'Or let orders pass without a ship method (setting shipMethodMissing).',
    'Ou laissez passer les commandes sans mode d’expédition (réglage shipMethodMissing).',
  ],
  ['This channel takes no stock figures.', 'Ce canal n’accepte pas de quantités.'],
  ['Remove the flow “Send stock” of this channel.', 'Retirez le flux « Envoyer le stock » de ce canal.'],
  [
    'Choose at least one location whose stock may be sold here.',
    'Choisissez au moins un emplacement dont le stock peut être vendu ici.',
  ],
  ['There is no stock flow {1}.', 'Le flux de stock {1} n’existe pas.'],
  ['There is no merchant-fulfilled listing {1}.', 'Il n’y a pas d’offre {1} expédiée par le marchand.'],
  [
    'Read the listings again under Flows → Send stock, or check the SKU.',
    'Relisez les offres sous Flux → Envoyer le stock, ou vérifiez le SKU.',
  ],
  [
    'Make sure the custom column for the order-item id is set in the NetSuite connection and filled on the order, or that each item stands on one line of the order only.',
    'Vérifiez que la colonne personnalisée de l’identifiant d’article est réglée dans la connexion NetSuite et remplie sur la commande, ou que chaque article n’est que sur une ligne de la commande.',
  ],
  // Where a value comes from.
  [
    'Placeholder for a SKU that NetSuite does not know',
    'Article de substitution pour un SKU que NetSuite ne connaît pas',
  ],
  ['NetSuite item whose name is the SKU “{1}”', 'Article NetSuite dont le nom est le SKU « {1} »'],
  [
    'Orders the merchant ships become sales orders',
    'Les commandes expédiées par le marchand deviennent des commandes client',
  ],
  [
    '{1} is lot- or serial-tracked and its numbers are chosen when it is fulfilled',
    '{1} est suivi par lot ou par série et ses numéros se choisissent à l’expédition',
  ],
  ['Booked as a sales order, since {1}.', 'Passée en commande client, car {1}.'],
  [
    'A sales order instead of the usual record: {1}',
    'Une commande client au lieu du document habituel : {1}',
  ],
  ['Purchase moment as a day in {1}', 'Moment de l’achat, en jour de {1}'],
  ['Moment of shipment as a day in {1}', 'Moment de l’expédition, en jour de {1}'],
  [
    'Moment the order was last updated (its shipment) as a day in {1}',
    'Dernière mise à jour de la commande (son expédition), en jour de {1}',
  ],
  ['Quantity ordered × units per SKU', 'Quantité commandée × unités par SKU'],
  ['One line for the charge', 'Une ligne pour les frais'],
  ['Amount ÷ quantity; the amount decides', 'Montant ÷ quantité ; le montant fait foi'],
  ['Setting “items.{1}”: {2}', 'Réglage « items.{1} » : {2}'],
  [
    'Price of all units of order item {1} before discounts',
    'Prix de toutes les unités de l’article {1} avant remises',
  ],
  ['Discount on order item {1}', 'Remise sur l’article {1}'],
  ['Gift wrap', 'Emballage cadeau'],
  ['Gift wrap of order item {1}', 'Emballage cadeau de l’article {1}'],
  ['All discounts of the order', 'Toutes les remises de la commande'],
  ['Shipping charges of all order items', 'Frais de port de tous les articles'],
  ['Shipping discount', 'Remise sur le port'],
  ['Shipping discounts of all order items', 'Remises sur le port de tous les articles'],
  ['Other charges', 'Autres frais'],
  ['Other charges of all order items', 'Autres frais de tous les articles'],
  ['{1} of {2}, first to expire first: {3}.', '{1} de {2}, premier périmé premier sorti : {3}.'],
  ['Serial numbers', 'Numéros de série'],
  ['Tax remitted by the marketplace', 'Taxe reversée par la place de marché'],
  ['Tax owed by the seller', 'Taxe due par le vendeur'],
  ['Tax of order item {1}', 'Taxe de l’article {1}'],
  [
    'Made from the channel and the order id, the same for ever',
    'Fait du canal et du numéro de commande, toujours le même',
  ],
  ['Currency of the order', 'Devise de la commande'],
  ['Facts of the order kept on the document', 'Faits de la commande conservés sur le document'],
  ['Marketplace and who ships', 'Place de marché et qui expédie'],
  ['Delivery address of the order', 'Adresse de livraison de la commande'],
  ['Tax amounts of the order (tax mode C)', 'Montants de taxe de la commande (mode C)'],
  ['Purchase order number of the business buyer', 'Numéro de bon de commande de l’acheteur professionnel'],
  ['Order id at the marketplace', 'Numéro de commande sur la place de marché'],
  ['Latest ship date promised to the buyer', 'Date d’expédition limite promise à l’acheteur'],
  ['Business buyer {1}', 'Acheteur professionnel {1}'],
  ['Amazon buyer', 'Acheteur Amazon'],
  ['Setting “{1}”', 'Réglage « {1} »'],
  ['Lookup “{1}”, row “{2}”', 'Table « {1} », ligne « {2} »'],
  ['Override by {1} on {2}: {3} {4}', 'Règle propre de {1} le {2} : {3} {4}'],
  [
    'The customer of the marketplace, or the one Crossdock created for it.',
    'Le client de la place de marché, ou celui que Crossdock a créé pour elle.',
  ],
  [
    'The location of the marketplace settings, by who ships.',
    'L’emplacement réglé pour la place de marché, selon qui expédie.',
  ],
  ['The department of the marketplace settings.', 'Le département réglé pour la place de marché.'],
  ['The class of the marketplace settings.', 'La classe réglée pour la place de marché.'],
  ['The sales channel of the marketplace settings.', 'Le canal de vente réglé pour la place de marché.'],
  [
    'The row of the lookup “ship-method” for the service level.',
    'La ligne de la table « ship-method » pour le niveau de service.',
  ],
  ['The marketplace’s order id.', 'Le numéro de commande de la place de marché.'],
  ['The marketplace’s name and who ships.', 'Le nom de la place de marché et qui expédie.'],
  [
    'The payment method of the settings (cash sales).',
    'Le mode de paiement des réglages (ventes au comptant).',
  ],
  ['The expression for {1} failed: {2}.', 'L’expression de {1} a échoué : {2}.'],
  [
    'Correct the expression “{1}” under Flows → Mapping → {2}.',
    'Corrigez l’expression « {1} » sous Flux → Correspondances → {2}.',
  ],
  [
    'The lookup “{1}” has no row for “{2}”, needed for {3}.',
    'La table « {1} » n’a pas de ligne pour « {2} », nécessaire pour {3}.',
  ],
  ['Add a row for “{1}” under Lookups → {2}.', 'Ajoutez une ligne pour « {1} » sous Tables → {2}.'],
  [
    'Or add a row “*” that answers for all others.',
    'Ou ajoutez une ligne « * » qui vaut pour toutes les autres.',
  ],
];
