const CERTIFICATE = /SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER|UNABLE_TO_VERIFY|certificate/i;
const NETWORK = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|fetch failed/;
const seconds = (ms) => (ms / 1000).toFixed(ms < 10_000 ? 1 : 0);

/** Messages before anything is installed, in the user's language and without a library. */
export const WORDS = {
  en: {
    usage: `npm start -- [options]       the experiments once, then the three services, until Ctrl-C

  --details        what the sockets did in each experiment, not the answer alone
  --lang <en|zh>   the language; default: that of LANG
  --help           this text

STICKY_LAB_HTTP, TCP_ECHO_LISTEN and UDP_MULTI_LISTEN choose an address; a default port that is in use is replaced by the next free one.
`,
    unknown: (word) => `npm start: ${JSON.stringify(word)} is not an option; behind "npm start --" come --details, --lang en|zh, --help`,
    install: 'Installing what the services need: about 100 MB to download, once',
    installAll: 'Installing what the tests need too: about 400 MB to download, once',
    installed: (ms, megabytes) => `  installed in ${seconds(ms)} s, ${megabytes} MB in node_modules`,
    installHints: [
      [CERTIFICATE, 'A company proxy signs TLS here: set NODE_EXTRA_CA_CERTS=/path/to/its-ca.pem (README.md, Troubleshooting)'],
      [NETWORK, 'The registry cannot be reached: check `npm ping`, and HTTPS_PROXY behind a proxy (README.md, Troubleshooting)'],
    ],
    page: 'Building the page',
    pageBuilt: (ms) => `  built in ${seconds(ms)} s`,
    moved: (app, taken, port) => `${taken} is taken: ${app} takes ${port}`,
    taken: (where, variable) => `npm start: ${where}, which ${variable} asks for, is taken: choose another, or unset ${variable}`,
  },
  zh: {
    usage: `npm start -- [选项]          先把实验跑一遍，然后运行三个服务，按 Ctrl-C 结束

  --details        列出每个实验中套接字的实际表现，而不只是答案
  --lang <en|zh>   语言；默认取自 LANG
  --help           显示本说明

STICKY_LAB_HTTP、TCP_ECHO_LISTEN、UDP_MULTI_LISTEN 用来指定地址；没有指定的端口如果被占用，就换成下一个空闲端口。
`,
    unknown: (word) => `npm start：没有 ${JSON.stringify(word)} 这个选项；可以在 npm start -- 后面写 --details、--lang en|zh、--help`,
    install: '正在安装服务所需的依赖：约下载 100 MB，只需一次',
    installAll: '正在安装包括测试在内的依赖：约下载 400 MB，只需一次',
    installed: (ms, megabytes) => `  安装完成，用时 ${seconds(ms)} 秒，node_modules 共 ${megabytes} MB`,
    installHints: [
      [CERTIFICATE, '这里的 TLS 由公司代理签发：请设置 NODE_EXTRA_CA_CERTS=/公司/CA.pem（见 README.zh-CN.md 的“疑难排解”）'],
      [NETWORK, '连不上软件源：请用 npm ping 检查；经过代理时设置 HTTPS_PROXY（见 README.zh-CN.md 的“疑难排解”）'],
    ],
    page: '正在构建页面',
    pageBuilt: (ms) => `  构建完成，用时 ${seconds(ms)} 秒`,
    moved: (app, taken, port) => `${taken} 已被占用：${app} 改用 ${port}`,
    taken: (where, variable) => `npm start：${variable} 指定的 ${where} 已被占用：请换一个，或者不设置 ${variable}`,
  },
};
