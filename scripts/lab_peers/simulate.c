/* Knock-out tournaments in plain C, a peer of `./scripts/bench lab`.
 *
 *   cc -O3 -march=native -o simulate simulate.c -lm && ./simulate plain|lanes FIELD
 *
 * FIELD is text: the numbers of teams and games; for each game its two sides, a side below the number of teams being that
 * team and any other the winner of the game (side - teams); then P(a beats b) row by row. Games come in the order they
 * are played and the last decides.
 *
 * plain: one tournament after the other, a double for each draw. lanes: tournaments side by side in arrays of fixed
 * length, 32 bits for each draw, so that the compiler makes vectors of the loops. The generators are xoshiro256++ and
 * xoshiro128++ by Blackman and Vigna ("Scrambled linear pseudorandom number generators", 2021).
 *
 * Writes {"name", "tournaments_per_second", "simulations", "titles"}: the median of RUNS runs by processor time of this
 * thread, and how often each team won the last game in all of them.
 */
#define _POSIX_C_SOURCE 200809L
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { TEAMS = 256, LANES = 64, RUNS = 5, RUN = 2000000 / LANES * LANES };

static int teams, games, sides[TEAMS][2];
static double beats[TEAMS * TEAMS];
static uint32_t threshold[TEAMS * TEAMS];
static uint64_t titles[TEAMS];

static void stop(const char *why) {
  fprintf(stderr, "simulate: %s\n", why);
  exit(1);
}

static void read_field(const char *name) {
  FILE *file = fopen(name, "r");
  if (!file) stop("cannot open the field");
  if (fscanf(file, "%d %d", &teams, &games) != 2 || teams < 2 || teams > TEAMS || games != teams - 1)
    stop("a field has 2 to 256 teams and a game fewer");
  for (int game = 0; game < games; game++)
    for (int side = 0; side < 2; side++)
      if (fscanf(file, "%d", &sides[game][side]) != 1 || sides[game][side] < 0 || sides[game][side] >= teams + game)
        stop("a side is a team or the winner of a game before");
  for (int pair = 0; pair < teams * teams; pair++) {
    if (fscanf(file, "%lf", &beats[pair]) != 1 || !(beats[pair] >= 0 && beats[pair] <= 1))
      stop("a probability lies between 0 and 1");
    threshold[pair] = (uint32_t)fmin(beats[pair] * 0x1p32, 4294967295.0);
  }
  fclose(file);
}

/* splitmix64, which its authors name for filling the states of the others. */
static uint64_t split(uint64_t *state) {
  uint64_t z = *state += 0x9e3779b97f4a7c15;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
  z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
  return z ^ (z >> 31);
}

static uint64_t wide[4];

static inline uint64_t rotated(uint64_t x, int bits) { return (x << bits) | (x >> (64 - bits)); }

static inline double uniform(void) {
  uint64_t sum = rotated(wide[0] + wide[3], 23) + wide[0], shifted = wide[1] << 17;
  wide[2] ^= wide[0];
  wide[3] ^= wide[1];
  wide[1] ^= wide[2];
  wide[0] ^= wide[3];
  wide[2] ^= shifted;
  wide[3] = rotated(wide[3], 45);
  return (double)(sum >> 11) * 0x1p-53;
}

static void plain(void) {
  static int standing[2 * TEAMS];
  for (int team = 0; team < teams; team++) standing[team] = team;
  for (int n = 0; n < RUN; n++) {
    for (int game = 0; game < games; game++) {
      int a = standing[sides[game][0]], b = standing[sides[game][1]];
      standing[teams + game] = uniform() < beats[a * teams + b] ? a : b;
    }
    titles[standing[teams + games - 1]]++;
  }
}

static uint32_t narrow[4][LANES];

static inline uint32_t rotated32(uint32_t x, int bits) { return (x << bits) | (x >> (32 - bits)); }

static void lanes(void) {
  static uint32_t standing[2 * TEAMS][LANES];
  uint32_t width = (uint32_t)teams;
  for (int team = 0; team < teams; team++)
    for (int lane = 0; lane < LANES; lane++) standing[team][lane] = (uint32_t)team;
  for (int n = 0; n < RUN; n += LANES) {
    for (int game = 0; game < games; game++) {
      const uint32_t *left = standing[sides[game][0]], *right = standing[sides[game][1]];
      uint32_t *restrict winner = standing[teams + game];
      for (int lane = 0; lane < LANES; lane++) {
        uint32_t s0 = narrow[0][lane], s1 = narrow[1][lane], s2 = narrow[2][lane], s3 = narrow[3][lane];
        uint32_t draw = rotated32(s0 + s3, 7) + s0, a = left[lane], b = right[lane];
        s2 ^= s0;
        s3 ^= s1;
        narrow[0][lane] = s0 ^ s3;
        narrow[2][lane] = s2 ^ (s1 << 9);
        narrow[1][lane] = s1 ^ s2;
        narrow[3][lane] = rotated32(s3, 11);
        winner[lane] = draw < threshold[a * width + b] ? a : b;
      }
    }
    for (int lane = 0; lane < LANES; lane++) titles[standing[teams + games - 1][lane]]++;
  }
}

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static int by_size(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(int count, char **words) {
  if (count != 3 || (strcmp(words[1], "plain") && strcmp(words[1], "lanes"))) stop("usage: simulate plain|lanes FIELD");
  read_field(words[2]);
  uint64_t state = 1;
  for (int at = 0; at < 4; at++) {
    wide[at] = split(&state);
    for (int lane = 0; lane < LANES; lane++) narrow[at][lane] = (uint32_t)split(&state);
  }
  double rates[RUNS];
  for (int run = 0; run < RUNS; run++) {
    double start = seconds();
    if (words[1][0] == 'p') plain(); else lanes();
    rates[run] = RUN / (seconds() - start);
  }
  qsort(rates, RUNS, sizeof *rates, by_size);
  printf("{\"name\": \"C %s (cc %s)\", \"tournaments_per_second\": %.1f, \"simulations\": %d, \"titles\": [", words[1], __VERSION__,
         rates[RUNS / 2], RUNS * RUN);
  for (int team = 0; team < teams; team++) printf("%s%llu", team ? ", " : "", (unsigned long long)titles[team]);
  puts("]}");
}
