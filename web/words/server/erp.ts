// What does the server say of NetSuite?
import type { Pair } from './index.ts';

export const erp: readonly Pair[] = [
  ['The NetSuite connection lacks its {1}.', 'Il manque à la connexion NetSuite : {1}.'],
  ['Enter the {1} and test the connection again.', 'Saisissez {1} et testez à nouveau la connexion.'],
  ['NetSuite’s token service answered {1}.', 'Le service des jetons de NetSuite a répondu {1}.'],
  ['NetSuite refused a token ({1}).', 'NetSuite a refusé un jeton ({1}).'],
  [
    'Check client id and certificate id under Setup → Integration → OAuth 2.0 Client Credentials (M2M) Setup.',
    'Vérifiez l’identifiant du client et celui du certificat sous Setup → Integration → OAuth 2.0 Client Credentials (M2M) Setup.',
  ],
  [
    'Check there that the certificate has not expired or been revoked, and that the clock of this machine is right.',
    'Vérifiez-y que le certificat n’est ni expiré ni révoqué, et que l’horloge de cette machine est juste.',
  ],
  [
    'The private key of the NetSuite connection is neither an EC nor an RSA key in PKCS#8.',
    'La clé privée de la connexion NetSuite n’est ni une clé EC ni une clé RSA en PKCS#8.',
  ],
  [
    'Make a new certificate here and upload it to NetSuite.',
    'Créez ici un nouveau certificat et déposez-le dans NetSuite.',
  ],
  [
    'NetSuite says that {1} exists but does not show it yet.',
    'NetSuite dit que {1} existe mais ne le montre pas encore.',
  ],
  ['What {1} refers to is not in NetSuite.', 'Ce à quoi {1} se réfère n’est pas dans NetSuite.'],
  ['Plan the settlement again: it is looked up anew.', 'Planifiez à nouveau le règlement : tout est relu.'],
  ['NetSuite answered {1} to {2}.', 'NetSuite a répondu {1} à {2}.'],
  [
    'The {1} {2}, which {3} refers to, is not in NetSuite.',
    'Le document {1} {2}, auquel {3} se réfère, n’est pas dans NetSuite.',
  ],
  [
    'Plan the settlement again: what is missing is written first.',
    'Planifiez à nouveau le règlement : ce qui manque est écrit d’abord.',
  ],
  ['The {1} {2} is no longer in NetSuite.', 'Le document {1} {2} n’est plus dans NetSuite.'],
  [
    'Restore it in NetSuite, or plan the settlement again.',
    'Rétablissez-le dans NetSuite, ou planifiez à nouveau le règlement.',
  ],
  [
    'Fees can only be added to orders when a column field keeps the key of each line.',
    'Des frais ne peuvent être ajoutés aux commandes que si un champ de colonne garde la clé de chaque ligne.',
  ],
  [
    'Name the column field under the NetSuite connection, or book fees by journal (model “orders”).',
    'Nommez le champ de colonne dans la connexion NetSuite, ou passez les frais par écriture (modèle « orders »).',
  ],
  ['The {1} {2} is not in NetSuite.', 'Le document {1} {2} n’est pas dans NetSuite.'],
  [
    'The custom field {1} ({2}) does not exist in the account. Create it, or empty it in the settings.',
    'Le champ personnalisé {1} ({2}) n’existe pas dans le compte. Créez-le, ou videz-le dans les réglages.',
  ],
  [
    'Without a column field for the order-item id shipments cannot be confirmed.',
    'Sans champ de colonne pour l’identifiant d’article, les expéditions ne peuvent pas être confirmées.',
  ],
  [
    'Token-based authentication ends (no new integrations from 2027.1): move to OAuth 2.0 with a certificate.',
    'L’authentification par jetons prend fin (plus de nouvelle intégration dès 2027.1) : passez à OAuth 2.0 avec certificat.',
  ],
  [
    'The account allows {1} calls at once; Crossdock uses {2}.',
    'Le compte permet {1} appels simultanés ; Crossdock en utilise {2}.',
  ],
  [
    'The role of the NetSuite integration lacks “{1}” ({2}, level {3}), needed to read {4}.',
    'Il manque au rôle de l’intégration NetSuite « {1} » ({2}, niveau {3}), nécessaire pour lire {4}.',
  ],
  [
    'Add the permission {1} with level {2} to the integration’s role, then test again.',
    'Ajoutez le droit {1} au niveau {2} au rôle de l’intégration, puis testez à nouveau.',
  ],
  [
    'Or import the role file that Crossdock offers for download.',
    'Ou importez le fichier de rôle que Crossdock propose au téléchargement.',
  ],
  ['NetSuite did not say which customer it made.', 'NetSuite n’a pas dit quel client il a créé.'],
  [
    'Choose a customer for the marketplace under Flows → Orders, then retry.',
    'Choisissez un client pour la place de marché sous Flux → Commandes, puis réessayez.',
  ],
  ['NetSuite answered {1}.', 'NetSuite a répondu {1}.'],
  [
    'Restore it in NetSuite, or skip this record: Crossdock does not make it again.',
    'Rétablissez-le dans NetSuite, ou écartez cet enregistrement : Crossdock ne le recrée pas.',
  ],
  ['{1} NetSuite says: {2}', '{1} NetSuite répond : « {2} »'],
  [
    'The role of the NetSuite integration lacks a permission.',
    'Il manque un droit au rôle de l’intégration NetSuite.',
  ],
  [
    'Add the permission named in the message to the integration’s role (the list is in the connection’s guide).',
    'Ajoutez au rôle de l’intégration le droit nommé dans le message (la liste est dans le guide de la connexion).',
  ],
  ['Somebody or something else holds the record.', 'Quelqu’un ou autre chose occupe l’enregistrement.'],
  ['Wait: Crossdock tries again by itself.', 'Attendez : Crossdock réessaie de lui-même.'],
  ['The accounting period of the date is closed.', 'La période comptable de la date est close.'],
  [
    'Open the period in NetSuite, or date such orders by import (setting merchantDate).',
    'Ouvrez la période dans NetSuite, ou datez ces commandes du jour d’import (réglage merchantDate).',
  ],
  ['Then retry.', 'Puis réessayez.'],
  [
    'The chosen lot or serial numbers were taken meanwhile.',
    'Les numéros de lot ou de série choisis ont été pris entre-temps.',
  ],
  ['Wait: Crossdock chooses again by itself.', 'Attendez : Crossdock choisit à nouveau de lui-même.'],
  [
    'An item needs lot, serial or bin numbers.',
    'Un article exige des numéros de lot, de série ou de casier.',
  ],
  [
    'Choose the numbers on the document in NetSuite, or use a location without lots and bins.',
    'Choisissez les numéros sur le document dans NetSuite, ou utilisez un emplacement sans lots ni casiers.',
  ],
  ['Something the document refers to is inactive.', 'Un élément auquel le document se réfère est inactif.'],
  [
    'Make it active in NetSuite or choose another in the settings, then retry.',
    'Activez-le dans NetSuite ou choisissez-en un autre dans les réglages, puis réessayez.',
  ],
  [
    'The customer or subsidiary does not allow the currency.',
    'Le client ou la filiale n’accepte pas la devise.',
  ],
  [
    'Add the currency to the customer in NetSuite, or choose another customer for the marketplace.',
    'Ajoutez la devise au client dans NetSuite, ou choisissez un autre client pour la place de marché.',
  ],
  [
    'Customer, item or location belongs to another subsidiary.',
    'Le client, l’article ou l’emplacement appartient à une autre filiale.',
  ],
  [
    'Choose customer and location of the same subsidiary under Flows → Orders → Marketplaces, or share the item with it.',
    'Choisissez client et emplacement de la même filiale sous Flux → Commandes → Places de marché, ou partagez l’article avec elle.',
  ],
  ['A mandatory field is empty.', 'Un champ obligatoire est vide.'],
  [
    'Give the field a value by an override under Flows → Mapping, or make it optional on the form NetSuite uses.',
    'Donnez une valeur au champ par une règle propre sous Flux → Correspondances, ou rendez-le facultatif sur le formulaire de NetSuite.',
  ],
  [
    'A field that the mapping uses does not exist in the account.',
    'Un champ utilisé par la correspondance n’existe pas dans le compte.',
  ],
  [
    'Create the custom field in NetSuite, or empty its name in the connection’s settings.',
    'Créez le champ personnalisé dans NetSuite, ou videz son nom dans les réglages de la connexion.',
  ],
  [
    'A value points to something NetSuite does not accept.',
    'Une valeur désigne quelque chose que NetSuite n’accepte pas.',
  ],
  [
    'Compare the value named with the lists in NetSuite and correct the setting or lookup it comes from.',
    'Comparez la valeur nommée avec les listes de NetSuite et corrigez le réglage ou la table dont elle vient.',
  ],
  [
    'NetSuite is busy with as many calls as the account allows.',
    'NetSuite traite déjà autant d’appels que le compte en permet.',
  ],
  ['NetSuite refuses the login.', 'NetSuite refuse la connexion.'],
  [
    'Look at Setup → Users/Roles → View Login Audit Trail in NetSuite: it names the reason.',
    'Regardez Setup → Users/Roles → View Login Audit Trail dans NetSuite : la raison y est nommée.',
  ],
  [
    'Check that certificate or token is active and belongs to the integration’s role, then test the connection.',
    'Vérifiez que le certificat ou le jeton est actif et appartient au rôle de l’intégration, puis testez la connexion.',
  ],
  [
    'The role of the NetSuite integration may not {1} {2}.',
    'Le rôle de l’intégration NetSuite n’a pas le droit ({1}) sur {2}.',
  ],
  [
    'Add the permission to the role (the list is in the connection’s guide), then test the connection.',
    'Ajoutez le droit au rôle (la liste est dans le guide de la connexion), puis testez la connexion.',
  ],
  [
    'NetSuite answered {1} to {2}; it may have taken effect.',
    'NetSuite a répondu {1} à {2} ; cela a pu prendre effet.',
  ],
  [
    'Open the request on this page: the field NetSuite names is marked there.',
    'Ouvrez la requête sur cette page : le champ nommé par NetSuite y est marqué.',
  ],
  [
    'Correct the setting, lookup or record it comes from, then retry.',
    'Corrigez le réglage, la table ou l’enregistrement dont il vient, puis réessayez.',
  ],
  ['NetSuite refused {1}: {2}', 'NetSuite a refusé {1} : « {2} »'],
  ['NetSuite has no currency {1}.', 'NetSuite n’a pas la devise {1}.'],
  [
    'Add {1} under Lists → Accounting → Currencies in NetSuite, and to the customer, then retry.',
    'Ajoutez {1} sous Lists → Accounting → Currencies dans NetSuite, et au client, puis réessayez.',
  ],
  [
    'NetSuite says that {1} exists but does not show it.',
    'NetSuite dit que {1} existe mais ne le montre pas.',
  ],
  ['{1} is not as expected: {2} {3}.', '{1} n’est pas comme attendu : {2} {3}.'],
];
