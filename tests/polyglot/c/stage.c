// One of a chain, in C: it does a little, and the next one the rest. What `stage.h` declares is by
// wit-bindgen.

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "stage.h"

static const char LANGUAGE[] = "c";

// A copy of a text with another at its end.
static stage_string_t with_end(const stage_string_t *text, const char *end) {
  size_t more = strlen(end);
  stage_string_t longer = {malloc(text->len + more), text->len + more};
  memcpy(longer.ptr, text->ptr, text->len);
  memcpy(longer.ptr + text->len, end, more);
  return longer;
}

static void reverse(uint8_t *bytes, size_t length) {
  for (size_t i = 0; i < length / 2; i++) {
    uint8_t kept = bytes[i];
    bytes[i] = bytes[length - 1 - i];
    bytes[length - 1 - i] = kept;
  }
}

void exports_polyglot_chain_words_languages(stage_list_string_t *ret) {
  stage_list_string_t rest;
  polyglot_chain_words_languages(&rest);
  ret->len = rest.len + 1;
  ret->ptr = malloc(ret->len * sizeof *ret->ptr);
  stage_string_dup(&ret->ptr[0], LANGUAGE);
  memcpy(&ret->ptr[1], rest.ptr, rest.len * sizeof *rest.ptr);
  free(rest.ptr);
}

void exports_polyglot_chain_words_shout(stage_string_t *text, stage_string_t *ret) {
  stage_string_t longer = with_end(text, ", says C");
  polyglot_chain_words_shout(&longer, ret);
  stage_string_free(&longer);
  stage_string_free(text);
}

void exports_polyglot_chain_words_count(stage_string_t *text,
                                        exports_polyglot_chain_words_order_t order,
                                        exports_polyglot_chain_words_list_word_t *ret) {
  stage_string_t longer = with_end(text, " c");
  polyglot_chain_words_list_word_t words;
  polyglot_chain_words_count(&longer, order, &words);
  stage_string_free(&longer);
  stage_string_free(text);
  // The exported record has the fields of the imported one.
  ret->ptr = (exports_polyglot_chain_words_word_t *)words.ptr;
  ret->len = words.len;
}

bool exports_polyglot_chain_words_longest(stage_list_string_t *words,
                                          stage_tuple2_u32_string_t *ret) {
  bool found = polyglot_chain_words_longest(words, ret);
  stage_list_string_free(words);
  return found;
}

exports_polyglot_chain_words_traits_t exports_polyglot_chain_words_look(stage_string_t *text) {
  polyglot_chain_words_traits_t traits = polyglot_chain_words_look(text);
  stage_string_free(text);
  return traits ^ POLYGLOT_CHAIN_WORDS_TRAITS_LONG;
}

bool exports_polyglot_chain_words_revise(exports_polyglot_chain_words_note_t *note,
                                         exports_polyglot_chain_words_note_t *ret,
                                         stage_string_t *err) {
  if (note->tag == EXPORTS_POLYGLOT_CHAIN_WORDS_NOTE_NUMBER)
    note->val.number += 1.0;
  if (note->tag == EXPORTS_POLYGLOT_CHAIN_WORDS_NOTE_TEXT) {
    stage_string_t longer = with_end(&note->val.text, "-c");
    stage_string_free(&note->val.text);
    note->val.text = longer;
  }
  stage_string_t error;
  bool revised = polyglot_chain_words_revise((polyglot_chain_words_note_t *)note,
                                             (polyglot_chain_words_note_t *)ret, &error);
  exports_polyglot_chain_words_note_free(note);
  if (revised) return true;
  // As printf sees it, for what the C library has to do then.
  char *text;
  asprintf(&text, "%s: %.*s", LANGUAGE, (int)error.len, (const char *)error.ptr);
  stage_string_free(&error);
  stage_string_set(err, text);
  return false;
}

double exports_polyglot_chain_words_sum(stage_list_f64_t *numbers) {
  double sum = polyglot_chain_words_sum(numbers) + 1.0;
  stage_list_f64_free(numbers);
  return sum;
}

void exports_polyglot_chain_words_turn(stage_list_u8_t *bytes, stage_list_u8_t *ret) {
  reverse(bytes->ptr, bytes->len);
  polyglot_chain_words_turn(bytes, ret);
  stage_list_u8_free(bytes);
}

// A tally around one of the next guest.
struct exports_polyglot_chain_tallies_tally_t {
  polyglot_chain_tallies_own_tally_t inner;
};

static exports_polyglot_chain_tallies_own_tally_t around(polyglot_chain_tallies_own_tally_t inner) {
  exports_polyglot_chain_tallies_tally_t *tally = malloc(sizeof *tally);
  tally->inner = inner;
  return exports_polyglot_chain_tallies_tally_new(tally);
}

static polyglot_chain_tallies_borrow_tally_t
inner(exports_polyglot_chain_tallies_borrow_tally_t tally) {
  return polyglot_chain_tallies_borrow_tally(tally->inner);
}

exports_polyglot_chain_tallies_own_tally_t
exports_polyglot_chain_tallies_constructor_tally(stage_string_t *name) {
  stage_string_t longer = with_end(name, " c");
  stage_string_free(name);
  polyglot_chain_tallies_own_tally_t made = polyglot_chain_tallies_constructor_tally(&longer);
  stage_string_free(&longer);
  return around(made);
}

void exports_polyglot_chain_tallies_method_tally_name(
    exports_polyglot_chain_tallies_borrow_tally_t self, stage_string_t *ret) {
  polyglot_chain_tallies_method_tally_name(inner(self), ret);
}

uint32_t exports_polyglot_chain_tallies_method_tally_add(
    exports_polyglot_chain_tallies_borrow_tally_t self, stage_string_t *word) {
  uint32_t times = polyglot_chain_tallies_method_tally_add(inner(self), word);
  stage_string_free(word);
  return times;
}

void exports_polyglot_chain_tallies_method_tally_words(
    exports_polyglot_chain_tallies_borrow_tally_t self, stage_list_string_t *ret) {
  polyglot_chain_tallies_method_tally_words(inner(self), ret);
}

exports_polyglot_chain_tallies_own_tally_t exports_polyglot_chain_tallies_static_tally_join(
    exports_polyglot_chain_tallies_own_tally_t a, exports_polyglot_chain_tallies_borrow_tally_t b) {
  exports_polyglot_chain_tallies_tally_t *first = exports_polyglot_chain_tallies_tally_rep(a);
  // The inner one is given away, so that dropping `a` drops nothing but the struct.
  polyglot_chain_tallies_own_tally_t given = first->inner;
  first->inner.__handle = 0;
  exports_polyglot_chain_tallies_tally_drop_own(a);
  return around(polyglot_chain_tallies_static_tally_join(given, inner(b)));
}

void exports_polyglot_chain_tallies_tally_destructor(exports_polyglot_chain_tallies_tally_t *rep) {
  if (rep->inner.__handle != 0) polyglot_chain_tallies_tally_drop_own(rep->inner);
  free(rep);
}
