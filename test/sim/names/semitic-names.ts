/** Names of the Arabic script as it writes them, and as passports of different countries have them in Latin letters. */
export const arabicGiven = rows(`
محمد|MUHAMMAD MOHAMED MOHAMMED MOHAMMAD MUHAMMED
أحمد|AHMAD AHMED
علي|ALI ALY
حسن|HASAN HASSAN HACEN
حسين|HUSSEIN HUSAIN HOSSEIN HUSSAIN HOCINE
عمر|OMAR UMAR OMER
عثمان|OSMAN UTHMAN OTHMAN OTMANE
خالد|KHALID KHALED
سعيد|SAID SAEED SAYEED
عبد الله|ABDULLAH ABDALLAH ABDELLAH
عبد الرحمن|ABDULRAHMAN ABDELRAHMAN ABDERRAHMANE ABDURRAHMAN
عبد العزيز|ABDULAZIZ ABDELAZIZ ABD EL AZIZ
عبد القادر|ABDULQADIR ABDELKADER ABD AL QADER
يوسف|YUSUF YOUSSEF YOUSEF YUSSUF
إبراهيم|IBRAHIM EBRAHIM BRAHIM
إسماعيل|ISMAIL ISMAEL SMAIL
مصطفى|MUSTAFA MOSTAFA MUSTAPHA
محمود|MAHMOUD MAHMUD
طارق|TARIQ TAREK TAREQ
رشيد|RASHID RACHID RASHEED
كريم|KARIM KAREEM
جمال|JAMAL DJAMEL GAMAL
صالح|SALEH SALIH SALAH
ناصر|NASSER NASIR NACER
فيصل|FAISAL FAYSAL FAYCAL
سليمان|SULEIMAN SULAYMAN SLIMANE SOLIMAN
ياسر|YASSER YASIR YASER
هشام|HISHAM HICHAM
وليد|WALID WALEED OUALID
نور الدين|NOURDDIN NUR AL DIN NOUREDDINE
صلاح الدين|SALAH AL DIN SALAHEDDINE SALAHUDDIN
جعفر|JAFAR DJAAFAR JAAFAR
مروان|MARWAN MEROUANE
بلال|BILAL BILEL
فاطمة|FATIMA FATMA FATEMEH FATIMAH
عائشة|AISHA AICHA AYESHA
خديجة|KHADIJA KHADIDJA KHADIJAH
مريم|MARYAM MARIAM MERIEM
زينب|ZAINAB ZEINAB ZINEB
ليلى|LAILA LEILA LAYLA
سارة|SARA SARAH
هدى|HUDA HODA HOUDA
أمينة|AMINA AMINAH
نادية|NADIA NADIYA
سميرة|SAMIRA SAMEERA
حنان|HANAN HANANE
`);

export const arabicFamily = rows(`
الحسن|AL HASAN ALHASSAN EL HASSAN
الهاشمي|AL HASHIMI ALHASHEMI EL HACHEMI
العلوي|AL ALAWI ALAOUI EL ALAOUI
المصري|AL MASRI ELMASRY EL MASRI
السيد|AL SAYED ELSAYED EL SAYYID
الشامي|AL SHAMI ALSHAMY CHAMI
البغدادي|AL BAGHDADI ALBAGDADI
التميمي|AL TAMIMI ALTAMEEMI TAMIMI
القحطاني|AL QAHTANI ALQAHTANI ALKAHTANI
الغامدي|AL GHAMDI ALGHAMDI
الزهراني|AL ZAHRANI ALZAHRANI
حداد|HADDAD HADAD
خوري|KHOURY KHURI KHOURI
نجار|NAJJAR NADJAR NAGGAR
شريف|SHARIF CHERIF SHEREEF
قاسم|QASIM KASSEM QASEM KACEM
منصور|MANSOUR MANSUR MANSOOR
يعقوب|YAQUB YACOUB YAKOOB
بوتفليقة|BOUTEFLIKA BUTAFLIKA
بن علي|BEN ALI BIN ALI BENALI
درويش|DARWISH DERWICHE DARWEESH
طلال|TALAL TALEL
شوقي|SHAWQI CHAOUKI SHAWKY
رضوان|RADWAN RIDWAN REDOUANE
ملك|MALIK MALEK
عباس|ABBAS ABBES
جابر|JABIR JABER DJABER
حمدان|HAMDAN HAMDANE
سلطان|SULTAN SOLTAN
عثماني|OTHMANI OTMANI USMANI
مرسي|MORSI MURSI MORSY
زيدان|ZIDANE ZEIDAN ZAYDAN
صايغ|SAYEGH SAIGH
عيسى|ISSA ISA EISSA
بركات|BARAKAT BERKAT
سعد|SAAD SAD
`);

/** Hebrew names likewise. */
export const hebrewGiven = rows(`
דוד|DAVID DAWID
משה|MOSHE MOSHEH
יעקב|YAAKOV YAACOV YAKOV
יוסף|YOSEF YOSSEF
אברהם|AVRAHAM ABRAHAM
יצחק|YITZHAK ITZHAK YITSHAK
שרה|SARAH SARA
רחל|RACHEL RAHEL
מרים|MIRIAM MIRYAM
שלמה|SHLOMO SHELOMO
דניאל|DANIEL DANYEL
אליהו|ELIYAHU ELIAHU
שמואל|SHMUEL SHEMUEL
חיים|CHAIM HAIM HAYIM
רונן|RONEN
גלעד|GILAD
תמר|TAMAR
נעמה|NAAMA
`);

export const hebrewFamily = rows(`
כהן|COHEN KOHEN
לוי|LEVI LEVY
מזרחי|MIZRAHI MIZRACHI
פרץ|PERETZ PEREZ
ביטון|BITON BITTON
דהן|DAHAN
אברהם|AVRAHAM ABRAHAM
פרידמן|FRIEDMAN FRIDMAN
מלכה|MALKA MALCA
אזולאי|AZOULAY AZULAI
כץ|KATZ KATS
יוסף|YOSEF YOSSEF
חדד|HADAD HADDAD
עמר|AMAR AMMAR
גבאי|GABAY GABBAI
שפירא|SHAPIRA SHAPIRO
רוזנברג|ROSENBERG ROZENBERG
בן דוד|BEN DAVID BENDAVID
`);

/** One name: as its own script has it, and its spellings in Latin letters. */
export interface SpeltName {
  readonly native: string;
  readonly latin: readonly string[];
}

function rows(text: string): SpeltName[] {
  return text
    .trim()
    .split('\n')
    .map((row) => {
      const [native = '', latin = ''] = row.split('|');
      // A spelling of several words keeps its article or particle apart.
      return { native, latin: spellings(latin) };
    });
}

function spellings(text: string): string[] {
  const out: string[] = [];
  for (const word of text.split(' ')) {
    const last = out.at(-1);
    const open = last !== undefined && /(^|.* )(AL|EL|BIN|BEN|ABD|NUR|SALAH)$/.test(last);
    if (open) out[out.length - 1] = `${last} ${word}`;
    else out.push(word);
  }
  return out;
}
