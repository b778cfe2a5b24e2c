/** Words of the settings of reminders. */
export const reminders = {
  title: '提醒方式',
  hint: '每条提醒都会留在消息里;推送可以改为只汇总或只在应用内。',
  saved: (label: string) => `「${label}」已保存`,
};
