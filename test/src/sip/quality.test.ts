import { describe, expect, test } from 'vitest';
import type { MediaQuality } from '../../../src/phone/ports.ts';
import {
  loudnessBetween,
  type MediaSample,
  qualityBetween,
  readSample,
  watchQuality,
} from '../../../src/sip/quality.ts';
import { MovingTimers, settle } from '../../demo/phone-network/moving-timers.ts';

const before: MediaSample = {
  packetsReceived: 1000,
  packetsLost: 10,
  jitterSeconds: 0,
  roundTripSeconds: 0.05,
  audioEnergy: 3,
  audioSeconds: 20,
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

describe('loudness between two looks', () => {
  test.each<[string, Partial<MediaSample>, number]>([
    ['silence', { audioSeconds: 21 }, 0],
    ['no new samples', {}, 0],
    ['a full tone', { audioEnergy: 4, audioSeconds: 21 }, 1],
    ['speech: a tenth of full scale', { audioEnergy: 3.01, audioSeconds: 21 }, 0.316],
    ['a short beep between the looks is not missed', { audioEnergy: 3.02, audioSeconds: 21 }, 0.376],
    ['counters that began anew', { audioEnergy: 0, audioSeconds: 1 }, 0],
  ])('%s', (_, change, expected) => {
    expect(loudnessBetween(before, { ...before, ...change })).toBeCloseTo(expected, 3);
  });
});

function reportOf(...entries: object[]): RTCStatsReport {
  // The part of the map that is read.
  return new Map(entries.map((entry, index) => [String(index), entry])) as unknown as RTCStatsReport;
}

describe('reading the statistics', () => {
  test('takes what the far side sent and what it said about us', () => {
    const sound = { totalAudioEnergy: 0.16, totalSamplesDuration: 1 };
    const inbound = { type: 'inbound-rtp', packetsReceived: 50, packetsLost: 1, jitter: 0.01, ...sound };
    const remote = { type: 'remote-inbound-rtp', roundTripTime: 0.12 };
    expect(readSample(reportOf(remote, inbound))).toEqual({
      packetsReceived: 50,
      packetsLost: 1,
      jitterSeconds: 0.01,
      roundTripSeconds: 0.12,
      audioEnergy: 0.16,
      audioSeconds: 1,
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
      return reportOf({
        type: 'inbound-rtp',
        packetsReceived,
        totalAudioEnergy: packetsReceived,
        totalSamplesDuration: packetsReceived / 50,
      });
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
