package org.rowmill.schemas.model;

/**
 * One thing wrong with a table class.
 *
 * @param place where it stands
 * @param origin the class, method or parameter it is about
 * @param message what was expected, what came, what to do
 */
record Fault(SourceLine place, Object origin, String message) {

    /** The message with its place, as compilers write it. */
    String text() {
        return place + ": " + message;
    }
}
