import type { ContactChannel, Purpose } from '../../core/workspaces/contact.ts'

/** What the public pages say, in every language they speak. `{name}` and the like are filled in. */
export type Texts = {
  readonly dir: 'ltr' | 'rtl'
  /** The language in itself. */
  readonly self: string
  readonly channels: Readonly<Record<ContactChannel, string>>
  readonly purposes: Readonly<Record<Purpose, string>>
  readonly preferences: {
    readonly title: string
    readonly intro: string
    readonly noAddress: string
    readonly channels: string
    readonly topics: string
    readonly other: string
    readonly often: string
    readonly noLimit: string
    /** `{messages}` messages in `{days}` days. */
    readonly rate: string
    readonly quiet: string
    readonly quietHint: string
    readonly from: string
    readonly to: string
    readonly pause: string
    readonly noPause: string
    readonly keepPause: string
    readonly pauseDays: string
    readonly language: string
    readonly noLanguage: string
    readonly save: string
    readonly withdrawTitle: string
    readonly withdrawHint: string
    readonly withdraw: string
  }
  readonly stored: {
    readonly title: string
    readonly nothing: string
    readonly given: string
    readonly withdrawn: string
    readonly everything: string
    readonly mistaken: string
  }
  readonly confirm: {
    readonly title: string
    readonly question: string
    readonly notYou: string
    readonly button: string
    readonly done: string
    readonly withdrawn: string
  }
  readonly unsubscribe: {
    readonly title: string
    readonly question: string
    readonly button: string
    readonly done: string
  }
  readonly join: {
    readonly title: string
    readonly question: string
    readonly terms: string
    readonly button: string
    readonly done: string
    readonly already: string
    readonly over: string
  }
  readonly invalid: { readonly title: string; readonly text: string }
  readonly busy: { readonly title: string; readonly text: string }
}

const en: Texts = {
  dir: 'ltr',
  self: 'English',
  channels: {
    email: 'E-mail',
    sms: 'Text message',
    call: 'Phone call',
    whatsapp: 'WhatsApp',
    push: 'Push notification',
    app: 'In the app',
    web: 'On the website',
    social: 'Social media',
    store: 'In the store',
    post: 'Post',
  },
  purposes: {
    marketing: 'Offers and news',
    service: 'About my orders and my account',
    research: 'Surveys',
    profiling: 'Suggestions made from what I do',
  },
  preferences: {
    title: 'Your preferences',
    intro: 'What {name} may contact you about, and how. Nothing is changed before you press a button.',
    noAddress: 'No address of yours is known here.',
    channels: 'Ways to contact me',
    topics: 'Topics I want to hear of',
    other: 'When and how often',
    often: 'At most',
    noLimit: 'As often as there is something',
    rate: '{messages} in {days} days',
    quiet: 'Quiet hours',
    quietHint: 'Between these times nothing is sent. Time zone: {zone}',
    from: 'From',
    to: 'To',
    pause: 'Pause',
    noPause: 'No pause',
    keepPause: 'Paused until {date}',
    pauseDays: '{days} days from now',
    language: 'Language',
    noLanguage: 'No wish',
    save: 'Save',
    withdrawTitle: 'Withdraw from everything',
    withdrawHint: 'Takes back every permission, on all of your addresses.',
    withdraw: 'Withdraw from everything',
  },
  stored: {
    title: 'Saved',
    nothing: 'You changed nothing, so everything stays as it was.',
    given: 'allowed',
    withdrawn: 'not allowed any more',
    everything: 'You have withdrawn from everything.',
    mistaken:
      'This was not understood, so nothing was changed. Please look at the times: both are needed, and they differ.',
  },
  confirm: {
    title: 'Please confirm',
    question: 'May {name} contact you by {channel} ({address}) for this: {purpose}?',
    notYou: 'If you did not ask for this, close the page: nothing happens.',
    button: 'Yes, I agree',
    done: 'Thank you. Your permission is on record.',
    withdrawn: 'You have withdrawn this permission since, so this link does nothing any more.',
  },
  unsubscribe: {
    title: 'Unsubscribe',
    question: 'No more offers and news from {name} by {channel} ({address})?',
    button: 'Unsubscribe',
    done: 'You are unsubscribed.',
  },
  join: {
    title: 'Join',
    question: 'Do you want to join {programme} of {name} ({address})?',
    terms: 'You agree to its terms, version {terms}.',
    button: 'Join',
    done: 'You are a member of {programme}.',
    already: 'You are a member of {programme} already.',
    over: '{programme} takes no new members.',
  },
  invalid: {
    title: 'This link does not work',
    text: 'It is not complete or has ended. Please use the link of a newer message.',
  },
  busy: {
    title: 'One moment, please',
    text: 'Too much is going on right now; nothing was changed. Please try again soon.',
  },
}

const it: Texts = {
  dir: 'ltr',
  self: 'Italiano',
  channels: {
    email: 'E-mail',
    sms: 'SMS',
    call: 'Telefonata',
    whatsapp: 'WhatsApp',
    push: 'Notifica push',
    app: 'Nell’app',
    web: 'Sul sito',
    social: 'Social media',
    store: 'In negozio',
    post: 'Posta',
  },
  purposes: {
    marketing: 'Offerte e novità',
    service: 'I miei ordini e il mio account',
    research: 'Sondaggi',
    profiling: 'Suggerimenti in base a ciò che faccio',
  },
  preferences: {
    title: 'Le tue preferenze',
    intro: 'Per che cosa {name} può contattarti, e come. Nulla cambia finché non premi un pulsante.',
    noAddress: 'Qui non è noto alcun tuo recapito.',
    channels: 'Come potete contattarmi',
    topics: 'Argomenti che mi interessano',
    other: 'Quando e quanto spesso',
    often: 'Al massimo',
    noLimit: 'Ogni volta che c’è qualcosa',
    rate: '{messages} in {days} giorni',
    quiet: 'Ore di silenzio',
    quietHint: 'In queste ore non viene inviato nulla. Fuso orario: {zone}',
    from: 'Dalle',
    to: 'Alle',
    pause: 'Pausa',
    noPause: 'Nessuna pausa',
    keepPause: 'In pausa fino al {date}',
    pauseDays: '{days} giorni da adesso',
    language: 'Lingua',
    noLanguage: 'Nessuna preferenza',
    save: 'Salva',
    withdrawTitle: 'Revoca tutto',
    withdrawHint: 'Ritira ogni consenso, per tutti i tuoi recapiti.',
    withdraw: 'Revoca tutto',
  },
  stored: {
    title: 'Salvato',
    nothing: 'Non hai cambiato nulla: tutto resta com’era.',
    given: 'consentito',
    withdrawn: 'non più consentito',
    everything: 'Hai revocato tutto.',
    mistaken:
      'La richiesta non è stata compresa: nulla è cambiato. Controlla gli orari: servono entrambi e devono essere diversi.',
  },
  confirm: {
    title: 'Conferma',
    question: '{name} può contattarti tramite {channel} ({address}) per: {purpose}?',
    notYou: 'Se non l’hai chiesto tu, chiudi la pagina: non succede nulla.',
    button: 'Sì, acconsento',
    done: 'Grazie. Il tuo consenso è registrato.',
    withdrawn: 'Nel frattempo hai revocato questo consenso: questo link non ha più effetto.',
  },
  unsubscribe: {
    title: 'Annulla l’iscrizione',
    question: 'Non vuoi più ricevere offerte e novità da {name} tramite {channel} ({address})?',
    button: 'Annulla l’iscrizione',
    done: 'L’iscrizione è annullata.',
  },
  join: {
    title: 'Iscriviti',
    question: 'Vuoi iscriverti a {programme} di {name} ({address})?',
    terms: 'Accetti il regolamento, versione {terms}.',
    button: 'Iscriviti',
    done: 'Ora fai parte di {programme}.',
    already: 'Fai già parte di {programme}.',
    over: '{programme} non accetta nuovi iscritti.',
  },
  invalid: {
    title: 'Questo link non funziona',
    text: 'È incompleto o scaduto. Usa il link di un messaggio più recente.',
  },
  busy: { title: 'Un momento', text: 'Ci sono troppe richieste; nulla è cambiato. Riprova tra poco.' },
}

const ar: Texts = {
  dir: 'rtl',
  self: 'العربية',
  channels: {
    email: 'البريد الإلكتروني',
    sms: 'رسالة نصية',
    call: 'مكالمة هاتفية',
    whatsapp: 'واتساب',
    push: 'إشعار فوري',
    app: 'في التطبيق',
    web: 'في الموقع',
    social: 'وسائل التواصل الاجتماعي',
    store: 'في المتجر',
    post: 'البريد العادي',
  },
  purposes: {
    marketing: 'العروض والأخبار',
    service: 'ما يتعلق بطلباتي وحسابي',
    research: 'الاستبيانات',
    profiling: 'اقتراحات بناءً على ما أفعله',
  },
  preferences: {
    title: 'تفضيلاتك',
    intro: 'ما الذي يمكن لـ {name} التواصل معك بشأنه وكيف. لا يتغير شيء قبل أن تضغط زرًا.',
    noAddress: 'لا يوجد عنوان معروف لك هنا.',
    channels: 'طرق التواصل معي',
    topics: 'مواضيع تهمني',
    other: 'متى وكم مرة',
    often: 'على الأكثر',
    noLimit: 'كلما كان هناك جديد',
    rate: '{messages} خلال {days} يومًا',
    quiet: 'ساعات الهدوء',
    quietHint: 'لا يُرسل شيء بين هذين الوقتين. المنطقة الزمنية: {zone}',
    from: 'من',
    to: 'إلى',
    pause: 'إيقاف مؤقت',
    noPause: 'بلا إيقاف',
    keepPause: 'متوقف حتى {date}',
    pauseDays: '{days} يومًا من الآن',
    language: 'اللغة',
    noLanguage: 'لا تفضيل',
    save: 'حفظ',
    withdrawTitle: 'سحب كل الموافقات',
    withdrawHint: 'يسحب كل موافقة على جميع عناوينك.',
    withdraw: 'سحب كل الموافقات',
  },
  stored: {
    title: 'تم الحفظ',
    nothing: 'لم تغيّر شيئًا، فبقي كل شيء كما كان.',
    given: 'مسموح',
    withdrawn: 'لم يعد مسموحًا',
    everything: 'لقد سحبت كل الموافقات.',
    mistaken: 'لم يُفهم الطلب فلم يتغير شيء. يرجى مراجعة الأوقات: كلا الوقتين مطلوب ويجب أن يختلفا.',
  },
  confirm: {
    title: 'يرجى التأكيد',
    question: 'هل يمكن لـ {name} التواصل معك عبر {channel} ({address}) من أجل: {purpose}؟',
    notYou: 'إن لم تطلب ذلك فأغلق الصفحة ولن يحدث شيء.',
    button: 'نعم، أوافق',
    done: 'شكرًا لك. تم تسجيل موافقتك.',
    withdrawn: 'لقد سحبت هذه الموافقة لاحقًا، فلم يعد لهذا الرابط أثر.',
  },
  unsubscribe: {
    title: 'إلغاء الاشتراك',
    question: 'ألا تريد مزيدًا من العروض والأخبار من {name} عبر {channel} ({address})؟',
    button: 'إلغاء الاشتراك',
    done: 'تم إلغاء اشتراكك.',
  },
  join: {
    title: 'الانضمام',
    question: 'هل تريد الانضمام إلى {programme} من {name} ({address})؟',
    terms: 'بالانضمام توافق على الشروط، الإصدار {terms}.',
    button: 'انضمام',
    done: 'أصبحت عضوًا في {programme}.',
    already: 'أنت عضو في {programme} بالفعل.',
    over: 'لا يقبل {programme} أعضاء جددًا.',
  },
  invalid: { title: 'هذا الرابط لا يعمل', text: 'الرابط غير كامل أو انتهت صلاحيته. يرجى استخدام رابط من رسالة أحدث.' },
  busy: { title: 'لحظة من فضلك', text: 'الطلبات كثيرة الآن ولم يتغير شيء. يرجى المحاولة بعد قليل.' },
}

const id: Texts = {
  dir: 'ltr',
  self: 'Bahasa Indonesia',
  channels: {
    email: 'Email',
    sms: 'SMS',
    call: 'Telepon',
    whatsapp: 'WhatsApp',
    push: 'Notifikasi push',
    app: 'Di aplikasi',
    web: 'Di situs web',
    social: 'Media sosial',
    store: 'Di toko',
    post: 'Pos',
  },
  purposes: {
    marketing: 'Penawaran dan kabar',
    service: 'Tentang pesanan dan akun saya',
    research: 'Survei',
    profiling: 'Saran berdasarkan kegiatan saya',
  },
  preferences: {
    title: 'Preferensi Anda',
    intro:
      'Untuk apa {name} boleh menghubungi Anda, dan bagaimana. Tidak ada yang berubah sebelum Anda menekan tombol.',
    noAddress: 'Tidak ada alamat Anda yang dikenal di sini.',
    channels: 'Cara menghubungi saya',
    topics: 'Topik yang saya minati',
    other: 'Kapan dan seberapa sering',
    often: 'Paling banyak',
    noLimit: 'Setiap kali ada sesuatu',
    rate: '{messages} dalam {days} hari',
    quiet: 'Jam tenang',
    quietHint: 'Tidak ada yang dikirim di antara jam ini. Zona waktu: {zone}',
    from: 'Dari',
    to: 'Sampai',
    pause: 'Jeda',
    noPause: 'Tanpa jeda',
    keepPause: 'Dijeda sampai {date}',
    pauseDays: '{days} hari dari sekarang',
    language: 'Bahasa',
    noLanguage: 'Tidak ada pilihan',
    save: 'Simpan',
    withdrawTitle: 'Tarik semua persetujuan',
    withdrawHint: 'Menarik setiap izin, untuk semua alamat Anda.',
    withdraw: 'Tarik semua persetujuan',
  },
  stored: {
    title: 'Tersimpan',
    nothing: 'Anda tidak mengubah apa pun, jadi semuanya tetap seperti semula.',
    given: 'diizinkan',
    withdrawn: 'tidak diizinkan lagi',
    everything: 'Anda telah menarik semua persetujuan.',
    mistaken:
      'Permintaan tidak dipahami, jadi tidak ada yang berubah. Periksa jamnya: keduanya diperlukan dan harus berbeda.',
  },
  confirm: {
    title: 'Mohon konfirmasi',
    question: 'Bolehkah {name} menghubungi Anda melalui {channel} ({address}) untuk: {purpose}?',
    notYou: 'Jika Anda tidak memintanya, tutup halaman ini: tidak ada yang terjadi.',
    button: 'Ya, saya setuju',
    done: 'Terima kasih. Persetujuan Anda telah dicatat.',
    withdrawn: 'Anda telah menarik persetujuan ini, jadi tautan ini tidak berlaku lagi.',
  },
  unsubscribe: {
    title: 'Berhenti berlangganan',
    question: 'Tidak mau lagi penawaran dan kabar dari {name} melalui {channel} ({address})?',
    button: 'Berhenti berlangganan',
    done: 'Anda telah berhenti berlangganan.',
  },
  join: {
    title: 'Bergabung',
    question: 'Ingin bergabung dengan {programme} dari {name} ({address})?',
    terms: 'Anda menyetujui ketentuannya, versi {terms}.',
    button: 'Bergabung',
    done: 'Anda kini anggota {programme}.',
    already: 'Anda sudah menjadi anggota {programme}.',
    over: '{programme} tidak menerima anggota baru.',
  },
  invalid: {
    title: 'Tautan ini tidak berfungsi',
    text: 'Tautan tidak lengkap atau sudah berakhir. Gunakan tautan dari pesan yang lebih baru.',
  },
  busy: { title: 'Mohon tunggu', text: 'Sedang terlalu sibuk; tidak ada yang berubah. Silakan coba lagi.' },
}

const ms: Texts = {
  dir: 'ltr',
  self: 'Bahasa Melayu',
  channels: {
    email: 'E-mel',
    sms: 'SMS',
    call: 'Panggilan telefon',
    whatsapp: 'WhatsApp',
    push: 'Pemberitahuan tolak',
    app: 'Dalam aplikasi',
    web: 'Di laman web',
    social: 'Media sosial',
    store: 'Di kedai',
    post: 'Pos',
  },
  purposes: {
    marketing: 'Tawaran dan berita',
    service: 'Tentang pesanan dan akaun saya',
    research: 'Tinjauan',
    profiling: 'Cadangan berdasarkan kegiatan saya',
  },
  preferences: {
    title: 'Pilihan anda',
    intro: 'Untuk apa {name} boleh menghubungi anda, dan bagaimana. Tiada yang berubah sebelum anda menekan butang.',
    noAddress: 'Tiada alamat anda yang diketahui di sini.',
    channels: 'Cara menghubungi saya',
    topics: 'Topik yang saya minati',
    other: 'Bila dan berapa kerap',
    often: 'Paling banyak',
    noLimit: 'Setiap kali ada sesuatu',
    rate: '{messages} dalam {days} hari',
    quiet: 'Waktu senyap',
    quietHint: 'Tiada apa dihantar antara waktu ini. Zon waktu: {zone}',
    from: 'Dari',
    to: 'Hingga',
    pause: 'Jeda',
    noPause: 'Tiada jeda',
    keepPause: 'Dijeda hingga {date}',
    pauseDays: '{days} hari dari sekarang',
    language: 'Bahasa',
    noLanguage: 'Tiada pilihan',
    save: 'Simpan',
    withdrawTitle: 'Tarik balik semua kebenaran',
    withdrawHint: 'Menarik balik setiap kebenaran, untuk semua alamat anda.',
    withdraw: 'Tarik balik semua kebenaran',
  },
  stored: {
    title: 'Disimpan',
    nothing: 'Anda tidak mengubah apa-apa, jadi semuanya kekal.',
    given: 'dibenarkan',
    withdrawn: 'tidak dibenarkan lagi',
    everything: 'Anda telah menarik balik semua kebenaran.',
    mistaken:
      'Permintaan tidak difahami, jadi tiada yang berubah. Semak waktunya: kedua-duanya diperlukan dan mesti berbeza.',
  },
  confirm: {
    title: 'Sila sahkan',
    question: 'Bolehkah {name} menghubungi anda melalui {channel} ({address}) untuk: {purpose}?',
    notYou: 'Jika anda tidak memintanya, tutup halaman ini: tiada apa yang berlaku.',
    button: 'Ya, saya setuju',
    done: 'Terima kasih. Persetujuan anda telah direkodkan.',
    withdrawn: 'Anda telah menarik balik kebenaran ini, jadi pautan ini tidak berkesan lagi.',
  },
  unsubscribe: {
    title: 'Henti langgan',
    question: 'Tidak mahu lagi tawaran dan berita daripada {name} melalui {channel} ({address})?',
    button: 'Henti langgan',
    done: 'Anda telah berhenti melanggan.',
  },
  join: {
    title: 'Sertai',
    question: 'Mahu menyertai {programme} daripada {name} ({address})?',
    terms: 'Anda bersetuju dengan termanya, versi {terms}.',
    button: 'Sertai',
    done: 'Anda kini ahli {programme}.',
    already: 'Anda sudah pun ahli {programme}.',
    over: '{programme} tidak menerima ahli baharu.',
  },
  invalid: {
    title: 'Pautan ini tidak berfungsi',
    text: 'Pautan tidak lengkap atau telah tamat. Sila guna pautan daripada mesej yang lebih baharu.',
  },
  busy: { title: 'Sebentar', text: 'Terlalu banyak permintaan; tiada yang berubah. Sila cuba lagi.' },
}

export const languages = { en, it, ar, id, ms } as const
export type Language = keyof typeof languages

const spoken = (tag: string | undefined): Language | undefined => {
  const [primary = ''] = (tag ?? '').toLowerCase().split('-')
  return Object.hasOwn(languages, primary) ? (primary as Language) : undefined
}

/** The tags of an Accept-Language header (RFC 9110 section 12.5.4), the most wanted first. */
const wanted = (header: string): readonly string[] =>
  header
    .split(',')
    .slice(0, 20)
    .map((part, index) => {
      const [tag = '', weight] = part.trim().split(/\s*;\s*q=/i)
      return { tag, weight: weight === undefined ? 1 : Number(weight) || 0, index }
    })
    .filter(({ weight }) => weight > 0)
    .sort((a, b) => b.weight - a.weight || a.index - b.index)
    .map(({ tag }) => tag)

/**
 * The language of a page: what the person asked for, else what her browser does, else the business's; English where it speaks none of them.
 *
 *     languageOf(undefined, 'fr, it;q=0.8', 'en')   // 'it'
 */
export const languageOf = (person: string | undefined, acceptLanguage: string, workspace: string): Language =>
  [person, ...wanted(acceptLanguage), workspace].map(spoken).find(it => it !== undefined) ?? 'en'

/** `fill('From {name}', { name: 'Acme' })` is 'From Acme'. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
