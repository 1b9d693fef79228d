import type { ForeignPerson } from './foreign.ts';
import { pick, Weighted } from './random.ts';

/** A character, its sound in Pinyin, and how Hong Kong's documents usually write it. */
interface Character {
  readonly native: string;
  readonly pinyin: string;
  readonly cantonese: string;
}

const characters = (rows: string): Character[] =>
  rows
    .trim()
    .split(/\s*\n\s*|\s*,\s*/)
    .map((row) => {
      const [native = '', pinyin = '', cantonese = ''] = row.split(' ');
      return { native, pinyin, cantonese };
    });

/** The commonest surnames, in the order of China's police registers, and how many of a hundred people bear each. */
const surnames = characters(`
  王 WANG WONG, 李 LI LEE, 张 ZHANG CHEUNG, 刘 LIU LAU, 陈 CHEN CHAN, 杨 YANG YEUNG, 黄 HUANG WONG, 赵 ZHAO CHIU
  吴 WU NG, 周 ZHOU CHOW, 徐 XU TSUI, 孙 SUN SUEN, 马 MA MA, 朱 ZHU CHU, 胡 HU WU, 郭 GUO KWOK, 何 HE HO, 林 LIN LAM
  高 GAO KO, 罗 LUO LAW, 郑 ZHENG CHENG, 梁 LIANG LEUNG, 谢 XIE TSE, 宋 SONG SUNG, 唐 TANG TONG, 许 XU HUI, 邓 DENG TANG
  冯 FENG FUNG, 韩 HAN HON, 曹 CAO TSO, 曾 ZENG TSANG, 彭 PENG PANG, 萧 XIAO SIU, 蔡 CAI TSOI, 潘 PAN POON, 田 TIAN TIN
  董 DONG TUNG, 袁 YUAN YUEN, 于 YU YU, 余 YU YU, 叶 YE YIP, 蒋 JIANG CHEUNG, 杜 DU TO, 苏 SU SO, 魏 WEI NGAI, 程 CHENG CHING
  吕 LU LUI, 丁 DING TING, 沈 SHEN SHUM, 任 REN YAM, 姚 YAO YIU, 卢 LU LO, 傅 FU FU, 钟 ZHONG CHUNG, 崔 CUI TSUI, 谭 TAN TAM
`);
const shares = [7.1, 7, 6.7, 5.4, 4.5, 3.1, 2.2, 2.1, 2, 1.9, 1.5, 1.5, 1.3, 1.3, 1.2, 1.2, 1.1, 1.1, 1, 0.9];

const given = characters(`
  伟 WEI WAI, 芳 FANG FONG, 娜 NA NA, 敏 MIN MAN, 静 JING CHING, 丽 LI LAI, 强 QIANG KEUNG, 磊 LEI LUI, 军 JUN KWAN
  洋 YANG YEUNG, 勇 YONG YUNG, 艳 YAN YIM, 杰 JIE KIT, 娟 JUAN KUEN, 涛 TAO TO, 明 MING MING, 超 CHAO CHIU, 秀 XIU SAU
  霞 XIA HA, 平 PING PING, 刚 GANG KONG, 桂 GUI KWAI, 英 YING YING, 华 HUA WAH, 文 WEN MAN, 国 GUO KWOK, 建 JIAN KIN
  志 ZHI CHI, 玉 YU YUK, 红 HONG HUNG, 春 CHUN CHUN, 梅 MEI MUI, 海 HAI HOI, 燕 YAN YIN, 东 DONG TUNG, 晓 XIAO HIU
  俊 JUN CHUN, 天 TIAN TIN, 家 JIA KA, 子 ZI TSZ, 雪 XUE SUET, 佳 JIA KAI, 欣 XIN YAN, 宇 YU YU, 浩 HAO HO, 思 SI SZE
  德 DE TAK, 庆 QING HING, 永 YONG WING, 兰 LAN LAN, 成 CHENG SHING, 龙 LONG LUNG, 少 SHAO SIU, 光 GUANG KWONG, 新 XIN SUN
  美 MEI MEI, 云 YUN WAN, 学 XUE HOK, 友 YOU YAU, 大 DA TAI, 小 XIAO SIU, 青 QING CHING, 山 SHAN SHAN, 生 SHENG SANG
`);

const drawnSurnames = new Weighted(surnames.map((one, at) => [one, shares[at] ?? 0.5]));

const wadeGilesInitials: readonly (readonly [string, string])[] = [
  ['ZH', 'CH'],
  ['CH', 'CH'],
  ['SH', 'SH'],
  ['B', 'P'],
  ['D', 'T'],
  ['G', 'K'],
  ['J', 'CH'],
  ['Q', 'CH'],
  ['X', 'HS'],
  ['Z', 'TS'],
  ['C', 'TS'],
  ['R', 'J'],
];
const wholeWadeGiles: Readonly<Record<string, string>> = {
  ZI: 'TZU',
  SI: 'SZU',
  ZHI: 'CHIH',
  YAN: 'YEN',
  YOU: 'YU',
  YONG: 'YUNG',
  YE: 'YEH',
  HE: 'HO',
  LUO: 'LO',
  GUO: 'KUO',
  GUI: 'KUEI',
};

/** A syllable of Pinyin as Wade and Giles wrote it, without apostrophes, as Taiwan's passports have it. */
export function wadeGiles(pinyin: string): string {
  const whole = wholeWadeGiles[pinyin];
  if (whole !== undefined) return whole;
  const [from, to] = wadeGilesInitials.find(([initial]) => pinyin.startsWith(initial)) ?? ['', ''];
  const final = pinyin
    .slice(from.length)
    .replace(/ONG$/, 'UNG')
    .replace(/^IAN$/, 'IEN')
    .replace(/(I|U)E$/, '$1EH')
    .replace(/^E$/, to === '' ? 'E' : 'E');
  return to + final;
}

/** Somebody Chinese: surname, and one or two characters of a given name; as passports of China, Taiwan and Hong Kong have them. */
export function drawChinese(random: () => number): ForeignPerson {
  const surname = drawnSurnames.draw(random);
  const parts = Array.from({ length: random() < 0.15 ? 1 : 2 }, () => pick(given, random));
  const spelt = (of: (one: Character) => string, between: string) => ({
    surname: of(surname),
    givenNames: parts.map(of).join(between),
  });
  return {
    native: spelt(({ native }) => native, ''),
    spell(chance) {
      const way = chance();
      if (way < 0.5) return { by: 'Pinyin', name: spelt(({ pinyin }) => pinyin, '') };
      if (way < 0.65) return { by: 'Pinyin apart', name: spelt(({ pinyin }) => pinyin, ' ') };
      if (way < 0.85)
        return { by: 'Wade-Giles', name: spelt(({ pinyin }) => wadeGiles(pinyin), way < 0.75 ? '' : ' ') };
      return { by: 'Cantonese', name: spelt(({ cantonese }) => cantonese, ' ') };
    },
  };
}
