//*-------------------------------------------------------------------
//* Posts the orders of the day, then lists them.
//*-------------------------------------------------------------------
//NIGHTLY  JOB (ACCT),'NIGHTLY RUN',CLASS=A,
//             MSGCLASS=X
//         INCLUDE MEMBER=SETTINGS
//*  The procedure of all listings.
//LISTING  PROC OUT='*'
//PRINT    EXEC PGM=ORDLIST
//SYSOUT   DD SYSOUT=&OUT
//         PEND
//* Posts.
//POST     EXEC PGM=ORDPOST,PARM='20260101'
//ORDERS   DD DSN=PROD.ORDERS,DISP=SHR
//SYSIN    DD *
  PGM=NOBODY EXEC JOB
/*
//LIST     EXEC LISTING,OUT='A'
//DB2      EXEC PGM=IKJEFT01
//SYSTSIN  DD *
  DSN SYSTEM(DB2P)
  RUN PROGRAM(ORDSQL) PLAN(ORDPLAN)
/*
//CHECK    IF (POST.RC = 0) THEN
//CATLG    EXEC PROC=CATALOG
//SYMBOL   EXEC PGM=&WHICH
//         ENDIF
//CLEANUP  JOB (ACCT),'CLEAN'
//DELETE   EXEC PGM=IEFBR14
