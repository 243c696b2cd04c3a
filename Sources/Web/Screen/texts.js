import en from '/screen/texts.en.js';
import zh from '/screen/texts.zh.js';

let words = en;
export let language = 'en';

export function speak(name) {
  language = name === 'zh-Hans' ? name : 'en';
  words = language === 'en' ? en : zh;
  document.documentElement.lang = language;
  for (const e of document.querySelectorAll('[data-text]')) e.textContent = words[e.dataset.text];
}

/** The words of a key, {0}, {1} … filled in. A state or cause that is not known stands as it is. */
export function say(key, ...values) {
  return (words[key] ?? key).replace(/\{(\d)\}/g, (_, n) => values[n]);
}

/** A length of time in words; the argument in seconds. */
export const span = s => s < 120 ? say('seconds', Math.round(s)) : say('minutes', Math.round(s / 60));
