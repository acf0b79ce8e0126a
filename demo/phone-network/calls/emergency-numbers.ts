/**
 * Short numbers that call for help somewhere in the world. A demo that rings on one of these could cost a life, so none is ever
 * answered. Source: the national numbers listed with ITU-T E.129; a number too many only refuses, one too few is a plain 404.
 */
const EMERGENCY_NUMBERS: ReadonlySet<string> = new Set(
  (
    '000 08 100 101 102 103 104 105 106 107 108 110 111 112 113 114 115 116 117 118 119 120 122 123 124 125 127 128 129 130 ' +
    '131 132 133 140 144 150 155 158 160 166 190 191 192 193 194 195 197 198 199 911 912 913 914 933 988 990 991 992 993 ' +
    '994 995 996 997 998 999 15 17 18'
  ).split(' '),
);

export function isEmergencyNumber(number: string): boolean {
  return EMERGENCY_NUMBERS.has(number);
}
