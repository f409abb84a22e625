{-# LANGUAGE OverloadedStrings #-}
{- |
Module: Shop.Disk
Keeps things on disk.
-}
module Shop.Disk (save, Disk(..), module Shop.Types) where

import Prelude hiding (lookup)
import Data.List (sortBy, foldl')
import qualified Data.Map as Map
import qualified Data.Map.Strict as M hiding (filter)
import Data.Text qualified as T
import Shop.Types

-- | A disk.
data Disk = Disk { name :: String, size :: !Int } | Tape Int
  deriving (Show, Eq)
data Color = Red | Green
newtype Wrapper a = Wrapper { unwrap :: a }
type Name = String
type family F a
data Term a where
  Lit :: Int -> Term Int
  Neg { inner :: Term Int } :: Term Int

-- | Stores.
class Monad m => Store m where
  put :: Disk -> m ()
  put d = pure ()
  get :: m Disk

instance Store IO where
  put d = save d >> return ()
  get = load "x"

instance Show a => Show (Wrapper a) where
  show (Wrapper x) = "w" ++ show x

-- | Saves a disk.
-- More.
save :: Disk -> IO ()
save (Tape n) | n > 1 = print n
              | otherwise = helper n
save disk@Disk{ name = nm } = do
  let x = Map.lookup nm table
      go y = M.insert y 1
  r <- load nm
  mapM_ (check disk) (size disk)
  forM_ [1] $ \i -> do
    process i
  putStrLn . T.unpack $ format r
  cleanup
  case r of
    Disk a b -> finish a `orElse` b
    _ -> if ready then start else stop
  return $! go r <+> done
  where
    done = compute 1
    table = Map.empty

limit :: Int
limit = 10

a, b :: Int
a = 1
b = 2

infixl 6 <+>
(<+>) :: Int -> Int -> Int
x <+> y = x + y
(z <-> w) = z

load name = foldr step [] names
  where step acc x = acc

deriving instance Show Color
foreign import ccall "sin" c_sin :: Double -> Double
pattern P x = Tape x
main = save (Disk "a" 1)
