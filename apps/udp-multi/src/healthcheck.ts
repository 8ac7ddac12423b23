#!/usr/bin/env node
import { runHealthcheck } from '@socklab/service/healthcheck';

await runHealthcheck('udp-multi', process);
