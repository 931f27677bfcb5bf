/** Numbers of Potter's options, whose places findings name. They are those of `potter/v1/options.proto`. */
export const optionNumbers = { command: 50701, event: 50704, saga: 50707, http: 72295728 } as const;
