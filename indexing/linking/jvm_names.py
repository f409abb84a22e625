"""What the compilers of Java, Kotlin and Scala know without an import."""

from __future__ import annotations

_JAVA = """
Appendable ArithmeticException ArrayIndexOutOfBoundsException AssertionError AutoCloseable Boolean Byte CharSequence
Character Class ClassCastException ClassLoader ClassNotFoundException CloneNotSupportedException Cloneable Comparable
Deprecated Double Enum Error Exception Float FunctionalInterface IllegalArgumentException IllegalStateException
IndexOutOfBoundsException Integer InterruptedException Iterable LinkageError Long Math Module NoSuchFieldException
NoSuchMethodException NullPointerException Number NumberFormatException Object OutOfMemoryError Override Package Process
ProcessBuilder Record ReflectiveOperationException Runnable Runtime RuntimeException SafeVarargs SecurityException Short
StackOverflowError StackTraceElement StrictMath String StringBuffer StringBuilder SuppressWarnings System Thread
ThreadLocal Throwable UnsupportedOperationException VirtualMachineError Void
"""
_KOTLIN = """
Any Array ArrayList Collection Comparator HashMap HashSet IntArray ByteArray LinkedHashMap LinkedHashSet List Map
MutableCollection MutableList MutableMap MutableSet NoSuchElementException Pair Regex Result Sequence Set Triple
ConcurrentModificationException Lazy JvmStatic JvmField JvmName JvmOverloads Suppress Throws Volatile
TODO also apply arrayOf arrayListOf assert buildList buildMap buildSet buildString byteArrayOf check checkNotNull
emptyList emptyMap emptySequence emptySet error generateSequence hashMapOf hashSetOf intArrayOf lazy lazyOf let
linkedMapOf listOf listOfNotNull mapOf maxOf minOf mutableListOf mutableMapOf mutableSetOf print println readLine
readln repeat require requireNotNull run runCatching sequence sequenceOf setOf sortedMapOf synchronized takeIf
takeUnless to with
"""
_SCALA = """
Any AnyRef AnyVal App Array BigDecimal BigInt Console Either Equals Function Function1 Function2 IndexedSeq Iterable
Iterator Left List Map Nil None Nothing Null Numeric Option Ordering PartialFunction Predef Product Range Right Seq
Serializable Set Some Stream StringContext Symbol Traversable Tuple2 Tuple3 Unit Vector LazyList deprecated inline tailrec
transient volatile throws native specialized unchecked
assert assume classOf identity implicitly locally print printf println require summon valueOf ???
"""
_BASE = frozenset(_JAVA.split())
BUILTINS = {
    "java": _BASE,
    "kotlin": _BASE.union(_KOTLIN.split()),
    "scala": _BASE.union(_SCALA.split()),
}
"""By language; types and functions alike."""
