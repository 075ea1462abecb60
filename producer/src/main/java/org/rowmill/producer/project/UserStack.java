package org.rowmill.producer.project;

/** Finds the line of user code that an exception came from. */
public final class UserStack {

    private UserStack() {}

    /** Returns {@code " at File.java:12"} for the first frame of the class, or an empty text. */
    public static String at(Throwable e, Class<?> userClass) {
        String top = userClass.getName().replaceAll("\\$.*", "");
        for (StackTraceElement frame : e.getStackTrace()) {
            if (frame.getClassName().equals(top) || frame.getClassName().startsWith(top + "$")) {
                return " at " + frame.getFileName() + ":" + frame.getLineNumber();
            }
        }
        return "";
    }
}
