import { describe, expect, test } from 'vitest';
import type { MediaQuality } from '../../../src/phone/ports.ts';
import { type MediaSample, qualityBetween, readSample, watchQuality } from '../../../src/sip/quality.ts';
import { MovingTimers, settle } from '../../demo/phone-network/moving-timers.ts';

const before: MediaSample = {
  packetsReceived: 1000,
  packetsLost: 10,
  jitterSeconds: 0,
  roundTripSeconds: 0.05,
  audioLevel: 0,
};

describe('quality between two looks', () => {
  test.each<[string, Partial<MediaSample>, MediaQuality]>([
    ['nothing lost', {}, 'good'],
    ['3 of 100 lost', { packetsReceived: 1097, packetsLost: 13 }, 'good'],
    ['4 of 100 lost', { packetsReceived: 1096, packetsLost: 14 }, 'fair'],
    ['9 of 100 lost', { packetsReceived: 1091, packetsLost: 19 }, 'poor'],
    ['31 ms of jitter', { jitterSeconds: 0.031 }, 'fair'],
    ['61 ms of jitter', { jitterSeconds: 0.061 }, 'poor'],
    ['a round trip of 401 ms', { roundTripSeconds: 0.401 }, 'fair'],
    ['a round trip of 801 ms', { roundTripSeconds: 0.801 }, 'poor'],
    ['an unknown round trip', { roundTripSeconds: null }, 'good'],
    ['nothing heard at all', { packetsReceived: 1000 }, 'poor'],
    ['late packets that turn out not to be lost', { packetsLost: 8 }, 'good'],
  ])('%s', (_, change, expected) => {
    expect(qualityBetween(before, { ...before, packetsReceived: 1050, ...change })).toBe(expected);
  });
});

function reportOf(...entries: object[]): RTCStatsReport {
  // The part of the map that is read.
  return new Map(entries.map((entry, index) => [String(index), entry])) as unknown as RTCStatsReport;
}

describe('reading the statistics', () => {
  test('takes what the far side sent and what it said about us', () => {
    const inbound = { type: 'inbound-rtp', packetsReceived: 50, packetsLost: 1, jitter: 0.01, audioLevel: 0.4 };
    const remote = { type: 'remote-inbound-rtp', roundTripTime: 0.12 };
    expect(readSample(reportOf(remote, inbound))).toEqual({
      packetsReceived: 50,
      packetsLost: 1,
      jitterSeconds: 0.01,
      roundTripSeconds: 0.12,
      audioLevel: 0.4,
    });
  });

  test('says nothing before the first packet', () => {
    expect(readSample(reportOf({ type: 'candidate-pair' }))).toBeNull();
  });
});

describe('watching', () => {
  test('reports from the second look on, and never after it was stopped', async () => {
    const clock = new MovingTimers();
    let packetsReceived = 0;
    const getStats = async () => {
      packetsReceived += 50;
      return reportOf({ type: 'inbound-rtp', packetsReceived, audioLevel: 2 });
    };
    const reports: unknown[] = [];
    const stop = watchQuality({ getStats, clock }, (quality, level) => reports.push([quality, level]));
    const oneSecond = async () => {
      clock.advance(1000);
      await settle();
    };
    await oneSecond();
    expect(reports).toEqual([]);
    await oneSecond();
    expect(reports).toEqual([['good', 1]]);
    stop();
    await oneSecond();
    expect(reports).toHaveLength(1);
  });
});
