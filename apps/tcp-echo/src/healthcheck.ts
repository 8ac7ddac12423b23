#!/usr/bin/env node
import { runHealthcheck } from '@socklab/service/healthcheck';

await runHealthcheck('tcp-echo', process);
