/**
 * The commonest surnames of a language and how many of a hundred people bear each, rounded, as statistical offices and
 * surveys publish them. Facts, written down here; the names that follow these come from lists without figures.
 */
export const commonest: Readonly<Record<string, string>> = {
  de: 'Müller 0.95 Schmidt 0.69 Schneider 0.4 Fischer 0.35 Weber 0.3 Meyer 0.33 Wagner 0.27 Becker 0.27 Schulz 0.27 Hoffmann 0.26',
  es: 'García 3.1 Rodríguez 2 González 2 Fernández 1.9 López 1.9 Martínez 1.8 Sánchez 1.7 Pérez 1.7 Gómez 1 Martín 1',
  fr: 'Martin 0.36 Bernard 0.19 Thomas 0.17 Petit 0.17 Robert 0.16 Richard 0.16 Durand 0.15 Dubois 0.15 Moreau 0.15 Laurent 0.14',
  it: 'Rossi 0.3 Russo 0.22 Ferrari 0.17 Esposito 0.16 Bianchi 0.13 Romano 0.12 Colombo 0.11 Ricci 0.1',
  pl: 'Nowak 0.54 Kowalski 0.18 Kowalska 0.18 Wiśniewski 0.15 Wiśniewska 0.15 Wójcik 0.26 Kowalczyk 0.26 Kamiński 0.13 Kamińska 0.13',
  pt: 'Silva 9.4 Santos 5.9 Ferreira 5.2 Pereira 4.9 Oliveira 3.7 Costa 3.7 Rodrigues 3.6 Martins 3.2',
  tr: 'Yılmaz 1.4 Kaya 0.9 Demir 0.85 Çelik 0.7 Şahin 0.7 Yıldız 0.65 Yıldırım 0.6 Öztürk 0.6 Aydın 0.5 Özdemir 0.5',
  vi: 'Nguyễn 38 Trần 12 Lê 9.5 Phạm 7 Hoàng 5 Phan 4.5 Vũ 3.9 Đặng 2.1 Bùi 2 Đỗ 1.4 Hồ 1.3 Ngô 1.3 Dương 1 Lý 0.5',
  ru: 'Смирнов 1.8 Иванов 1.3 Кузнецов 1 Соколов 0.85 Попов 0.8 Лебедев 0.7 Козлов 0.7 Новиков 0.65 Морозов 0.6 Петров 0.6',
  uk: 'Мельник 0.25 Шевченко 0.25 Коваленко 0.2 Бондаренко 0.2 Бойко 0.2 Ткаченко 0.18 Кравченко 0.17 Ковальчук 0.17',
  el: 'Παπαδόπουλος 0.9 Βλάχος 0.4 Αγγελόπουλος 0.3 Νικολαΐδης 0.3 Παππάς 0.3 Γεωργίου 0.3',
  hi: 'Singh 5 Kumar 4.5 Sharma 1.5 Khan 1.5 Patel 1.2 Gupta 1 Das 1 Yadav 1 Verma 0.6 Reddy 0.6',
};
